package activity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"testing"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/workato"
)

// plainPage is what a program would write that reads the log with
// encoding/json and nothing else: the same fields, strict, and no raw bytes.
type plainPage struct {
	Data []struct {
		ID        int64
		Timestamp string
		EventType string `json:"event_type"`
		Workspace struct {
			ID                       int64
			Name, Email, Environment string
		}
		User *struct {
			ID          int64
			Name, Email string
		}
		Resource struct {
			ID                 json.Number
			Name, Type, Path   string
			FolderID           int64  `json:"folder_id"`
			FolderPath         string `json:"folder_path"`
			FileName           string `json:"file_name"`
			ParentID           int64  `json:"parent_id"`
			Provider, Identity string
			Authorized         *bool
			Role, Email        string
			EmailConfirmedAt   string `json:"email_confirmed_at"`
		}
		Details struct {
			Activity   string
			StopReason string `json:"stop_reason"`
			RunOnce    *bool  `json:"run_once"`
			Force      *bool
			Error      *bool
			Request    *struct {
				IPAddress string `json:"ip_address"`
				UserAgent string `json:"user_agent"`
			}
		}
	}
	Total int
}

// loginRow is the longest common row: a login from a browser.
func loginRow(id int64) string {
	return fmt.Sprintf(`{"id":%d,"timestamp":"2024-06-18 19:17:31 UTC","event_type":"user_login",`+
		`"workspace":{"id":20417,"name":"Ada","email":"ada@example.com","environment":"dev"},`+
		`"user":{"id":20417,"name":"Ada","email":"ada@example.com"},`+
		`"details":{"request":{"ip_address":"192.0.2.44","user_agent":%q},"activity":"password_login"},`+
		`"resource":{"id":20417,"name":"Ada","type":"Workspace","email":"ada@example.com","email_confirmed_at":"2024-04-24 14:23:03 -0700"}}`, id, userAgent)
}

func loginPage(high int64, n int) []byte {
	var body bytes.Buffer
	body.WriteString(`{"data":[`)
	for i := range int64(n) {
		if i > 0 {
			body.WriteByte(',')
		}
		body.WriteString(loginRow(high - i))
	}
	fmt.Fprintf(&body, `],"total":%d}`, high)
	return body.Bytes()
}

// Both decode the same page, so the ratio of the two is the figure.
func BenchmarkDecodePage(b *testing.B) {
	body := loginPage(100, 100)
	decoders := []struct {
		name   string
		decode func() (int, error)
	}{
		{"sdk", func() (int, error) {
			var page activity.Page
			err := json.Unmarshal(body, &page)
			return len(page.Events), err
		}},
		{"encoding-json", func() (int, error) {
			var page plainPage
			err := json.Unmarshal(body, &page)
			return len(page.Data), err
		}},
	}
	for _, decoder := range decoders {
		b.Run(decoder.name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			perEvent(b, 100, func() {
				if n, err := decoder.decode(); n != 100 || err != nil {
					b.Fatal(n, err)
				}
			})
		})
	}
}

// A hundred pages of a hundred events from a transport in the same process: the
// whole of All against a loop written by hand.
func BenchmarkAll(b *testing.B) {
	const pages = 100
	bodies := map[string][]byte{}
	for i := range int64(pages) {
		high := (pages - i) * 100
		cursor := ""
		if i > 0 {
			cursor = strconv.FormatInt(high+1, 10)
		}
		bodies[cursor] = loginPage(high, 100)
	}
	bodies["1"] = []byte(`{"data":[],"total":10000}`)
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		body := bodies[r.URL.Query().Get("page[after]")]
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
	})

	b.Run("sdk", func(b *testing.B) {
		events := activity.New(newClient(b, transport, workato.WithLimiter(workato.QuotaEnvironment, nil)).Own())
		perEvent(b, 100*pages, func() {
			n := 0
			for _, err := range events.All(b.Context(), activity.Filter{}) {
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
			if n != 100*pages {
				b.Fatal(n)
			}
		})
	})
	b.Run("by-hand", func(b *testing.B) {
		client := &http.Client{Transport: transport}
		perEvent(b, 100*pages, func() {
			n := 0
			for url := "https://www.workato.com/api/activity_logs"; ; {
				resp, err := client.Get(url) //nolint:noctx // as a short program would
				if err != nil {
					b.Fatal(err)
				}
				var page plainPage
				err = json.NewDecoder(resp.Body).Decode(&page)
				resp.Body.Close()
				if err != nil {
					b.Fatal(err)
				}
				if len(page.Data) == 0 {
					break
				}
				n += len(page.Data)
				url = fmt.Sprintf("https://www.workato.com/api/activity_logs?page%%5Bafter%%5D=%d", page.Data[len(page.Data)-1].ID)
			}
			if n != 100*pages {
				b.Fatal(n)
			}
		})
	})
}

// perEvent measures f, which reads so many events each time, and reports its
// cost for one of them.
func perEvent(b *testing.B, events int, f func()) {
	b.Helper()
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for b.Loop() {
		f()
		n += events
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(n), "allocs/event")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
}
