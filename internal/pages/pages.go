// Package pages makes answers of the activity log for tests and benchmarks: the
// same bytes for the same arguments, on every machine.
package pages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Shape is what the rows of a page look like.
type Shape string

// The shapes. All but Mixed repeat one row with other IDs, as a workspace does
// in which one thing goes on.
const (
	// Logins have the user agent of a browser: the longest of the common rows.
	// A hundred of them, some 57 KB, are the standard page of the benchmarks.
	Logins Shape = "logins"
	// Indented are logins in a page for human eyes: two bytes of five are spaces.
	Indented Shape = "indented"
	// Recipes are changes of recipes.
	Recipes Shape = "recipes"
	// Minimal rows have what identifies them, and nothing else.
	Minimal Shape = "minimal"
	// Names are full of letters beyond ASCII, written as UTF-8.
	Names Shape = "names"
	// Escapes are full of escape sequences.
	Escapes Shape = "escapes"
	// Mixed is what a busy workspace has: rows of all kinds in no order, by many
	// people with many browsers, so that no two rows have the same lengths.
	Mixed Shape = "mixed"
)

// Shapes gives all shapes, the standard one first.
func Shapes() []Shape {
	return []Shape{Logins, Indented, Recipes, Minimal, Names, Escapes, Mixed}
}

// Newest is the ID of the first event of a [Page].
const Newest = 9_000_000

// Page is the answer that has so many events: an object with a list of rows,
// newest first with IDs from [Newest] down, and their number as the total.
func Page(shape Shape, events int) []byte { return PageFrom(shape, Newest, events, events) }

// PageFrom is a page of a longer log: IDs from newest down, and its total.
func PageFrom(shape Shape, newest int64, events, total int) []byte {
	var page bytes.Buffer
	page.WriteString(`{"data":[`)
	mix := mixer{rand.New(rand.NewPCG(uint64(newest), 1))} //nolint:gosec // to be repeatable is the point
	for i := range int64(events) {
		if i > 0 {
			page.WriteByte(',')
		}
		page.WriteString(row(shape, newest-i, mix))
	}
	fmt.Fprintf(&page, `],"total":%d}`, total)
	if shape != Indented {
		return page.Bytes()
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, page.Bytes(), "", "    "); err != nil {
		panic(err) // a mistake of this package
	}
	return indented.Bytes()
}

func row(shape Shape, id int64, mix mixer) string {
	number := strconv.FormatInt(id, 10)
	switch shape {
	case Logins, Indented:
		return `{"id":` + number + `,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_login",` +
			`"workspace":{"id":20417,"name":"Ada","email":"ada@example.com","environment":"dev"},` +
			`"user":{"id":20417,"name":"Ada","email":"ada@example.com"},` +
			`"details":{"request":{"ip_address":"192.0.2.44","user_agent":"` + browsers[0] + `"},"activity":"password_login"},` +
			`"resource":{"id":20417,"name":"Ada","type":"Workspace","email":"ada@example.com","email_confirmed_at":"2024-04-24 14:23:03 -0700"}}`
	case Recipes:
		return `{"id":` + number + `,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"recipe_updated",` +
			`"workspace":{"id":20417,"name":"Ada","email":"ada@example.com","environment":"dev"},` +
			`"user":{"id":20417,"name":"Ada","email":"ada@example.com"},"details":{"request":{"ip_address":"192.0.2.44","user_agent":"curl/8.5.0"}},` +
			`"resource":{"id":` + strconv.FormatInt(2*Newest-id, 10) + `,"name":"New leads to the ledger","path":"Home/Finance","type":"Flow","folder_id":56319,"parent_id":null}}`
	case Minimal:
		return `{"id":` + number + `,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"recipe_stopped",` +
			`"workspace":{"id":20417,"environment":"prod"},"resource":{"type":"Flow"}}`
	case Names:
		return `{"id":` + number + `,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_login",` +
			`"workspace":{"id":20417,"name":"Gießerei Müßig & Söhne","email":"müßig@example.com","environment":"dev"},` +
			`"user":{"id":20417,"name":"山田 太郎","email":"taro@example.com"},"details":{"request":{"ip_address":"2001:db8::44","user_agent":"Яндекс 🚀"}},` +
			`"resource":{"id":20417,"name":"ἀρχή καὶ τέλος — начало и конец","type":"Workspace","path":"ホーム/経理/請求書"}}`
	case Escapes:
		return `{"id":` + number + `,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user\u005flogin",` +
			`"workspace":{"id":20417,"name":"\u0041\u0064\u0061 \"the first\"","email":"ada\u0040example.com","environment":"dev"},` +
			`"user":{"id":20417,"name":"\u5c71\u7530 \u592a\u90ce","email":"taro@example.com"},"details":{"request":{"ip_address":"192.0.2.44","user_agent":"a\/b \\ \ud83d\ude80 \u003cc\u003e"}},` +
			`"resource":{"id":20417,"name":"line\nline\ttab \u0026 \"quotes\"","type":"Workspace","path":"Home\/Finance"}}`
	case Mixed:
		return mix.row(number)
	}
	panic("pages: no such shape: " + string(shape))
}

var (
	browsers = []string{
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
		"curl/8.5.0", "python-requests/2.31.0", "terraform", "Faraday v2.9.0",
	}
	people  = []string{"Ada", "Grace Hopper", "Linus", "Margaret Hamilton", "Ken", "Barbara Liskov", "Edsger", "山田 太郎", "Zoë"}
	folders = []string{"Home", "Home/Finance", "Home/Sales/EMEA/Leads", "All projects/Onboarding", "Home/経理"}
	things  = []string{"New leads to the ledger", "Sync contacts", "Close the month: post, check, report", `The \"nightly\" job`, "R2D2", "Invoices → ERP"}
	changes = []string{"recipe_created", "recipe_updated", "recipe_started", "recipe_deleted", "recipe_moved"}
)

// mixer makes the rows of Mixed.
type mixer struct{ *rand.Rand }

func (m mixer) row(number string) string {
	person := people[m.IntN(len(people))]
	user := 1 + m.IntN(1_000_000)
	email := strings.ToLower(strings.ReplaceAll(person, " ", ".")) + strconv.Itoa(user) + "@example.com"
	when := time.Date(2024, time.June, 1+m.IntN(30), m.IntN(24), m.IntN(60), m.IntN(60), 0, time.UTC)
	start := fmt.Sprintf(`{"id":%s,"timestamp":"%s UTC",`, number, when.Format(time.DateTime))
	workspace := `"workspace":{"id":20417,"name":"Analytical Engines","email":"office@example.com","environment":"prod"},`
	who := fmt.Sprintf(`"user":{"id":%d,"name":"%s","email":"%s"},`, user, person, email)
	request := fmt.Sprintf(`"request":{"ip_address":"198.51.100.%d","user_agent":"%s"}`, m.IntN(256), browsers[m.IntN(len(browsers))])
	folder, thing := folders[m.IntN(len(folders))], things[m.IntN(len(things))]
	switch m.IntN(8) {
	case 0, 1, 2:
		return start + `"event_type":"user_login",` + workspace + who + `"details":{` + request + `,"activity":"password_login"},` +
			fmt.Sprintf(`"resource":{"id":%d,"name":"%s","type":"Workspace","email":"%s","email_confirmed_at":"2024-04-24 14:23:03 -0700"}}`, user, person, email)
	case 3, 4:
		return start + `"event_type":"` + changes[m.IntN(len(changes))] + `",` + workspace + who + `"details":{` + request + `},` +
			fmt.Sprintf(`"resource":{"id":%d,"name":"%s","path":"%s","type":"Flow","folder_id":%d}}`, m.IntN(10_000_000), thing, folder, m.IntN(100_000))
	case 5:
		return start + `"event_type":"recipe_stopped",` + workspace + `"details":{"force":true,"error":false,"stop_reason":"test_run_stop"},` +
			fmt.Sprintf(`"resource":{"id":%d,"name":"%s","type":"Flow"}}`, m.IntN(10_000_000), thing)
	case 6:
		return start + `"event_type":"connection_updated",` + workspace + who + `"details":{` + request + `},` +
			fmt.Sprintf(`"resource":{"id":%d,"name":"%s","type":"SharedAccount","path":"%s","provider":"salesforce","folder_id":%d,"authorized":%t,"identity":"%s"}}`,
				m.IntN(1_000_000), thing, folder, m.IntN(100_000), m.IntN(2) == 0, email)
	default:
		return start + `"event_type":"package_exported",` + workspace + who + `"details":{},` +
			fmt.Sprintf(`"resource":{"id":%d,"type":"Package","folder_id":%d,"folder_path":"%s","file_name":"export-%d.zip"}}`, m.IntN(10_000), m.IntN(100_000), folder, user)
	}
}
