package ontarget_test

import "github.com/workato-go/sdk/activity/scan"

// row is an item with texts that a test can write.
type row struct {
	ID, TimeMs, UserID, WorkspaceID int64
	Type, ResourceType, Environment string
	Cut                             bool // one of the texts has more than fits
}

func rowOf(item *scan.Item) row {
	return row{
		ID: item.ID, TimeMs: item.TimeMs, UserID: item.UserID, WorkspaceID: item.WorkspaceID,
		Type: item.Type.String(), ResourceType: item.ResourceType.String(), Environment: item.Environment.String(),
		Cut: item.Type.Truncated() || item.ResourceType.Truncated() || item.Environment.Truncated(),
	}
}

// page is what a server answers and what is to be read there. The tests on the
// host hold the rows against encoding/json and package time.
type page struct {
	name  string
	json  string
	rows  []row
	total int
}

var pages = []page{
	{
		name: "documented",
		json: `{
    "data": [
        {
            "id": 2234501,
            "timestamp": "2024-06-18 19:17:31 UTC",
            "event_type": "user_login",
            "workspace": {
                "id": 20417,
                "name": "Ada",
                "email": "ada@example.com",
                "environment": "dev"
            },
            "user": {
                "id": 20417,
                "name": "Ada",
                "email": "ada@example.com"
            },
            "details": {
                "request": {
                    "ip_address": "192.0.2.44",
                    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36"
                },
                "activity": "password_login"
            },
            "resource": {
                "id": 20417,
                "name": "Ada",
                "type": "Workspace",
                "email": "ada@example.com",
                "email_confirmed_at": "2024-04-24 14:23:03 -0700"
            }
        }
    ],
    "total": 65
}
`,
		rows: []row{{
			ID: 2234501, TimeMs: 1718738251000, UserID: 20417, WorkspaceID: 20417,
			Type: "user_login", ResourceType: "Workspace", Environment: "dev",
		}},
		total: 65,
	},
	{
		// Integers that need 64 bits, escapes, strings that look like JSON,
		// fields of other shapes than documented, names that come again deeper.
		name: "odd",
		json: `{"meta":{"data":[{"id":1}],"deep":[[[[{"a":-0.5e+3}]]],"]}"]},` + "\r\n\t" + `"data":[
{"id":9007199254740993,"timestamp":"2024-08-29T14:09:13.250-07:00","event_type":"user\u005flogin",
"user":{"id":"42","name":"\ud83d\ude00 \"{[\\"},"workspace":{"environment":"prod","id":4294967296},
"resource":{"type":"Proj\u00e9t \ud83d\ude00é","id":"x/y"},"details":{"id":7,"user":{"id":8},"event_type":"no"}},
{"event_type":null,"id":2,"user":null,"timestamp":"yesterday","resource":[{"type":"no"}],"workspace":{}},
{"details":{},"id":-9223372036854775808,"timestamp":"1969-12-31 23:59:59 UTC","resource":{"type":"` + sixtyFour + `é"},"added":[true,false,null]}
],"total":4294967,"success":true}`,
		rows: []row{
			{
				ID: 9007199254740993, TimeMs: 1724965753250, UserID: 42, WorkspaceID: 4294967296,
				Type: "user_login", ResourceType: "Projét 😀é", Environment: "prod",
			},
			{ID: 2},
			{ID: -9223372036854775808, TimeMs: -1000, ResourceType: sixtyFour[:scan.MaxText], Cut: true},
		},
		total: 4294967,
	},
	{name: "quiet", json: `{"data":[],"total":0}`},
}

const sixtyFour = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
