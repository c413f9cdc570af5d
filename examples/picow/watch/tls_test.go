package watch_test

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/workato-go/sdk/examples/internal/alarm"
	"github.com/workato-go/sdk/examples/picow/https"
	"github.com/workato-go/sdk/examples/picow/watch"
	"github.com/workato-go/sdk/workato/workatotest"
)

// The whole way over real sockets and TLS, with a server that closes its
// connections when it likes.
func TestOverTLS(t *testing.T) {
	t.Parallel()
	log := workatotest.NewServer(workatotest.WithQuota(0))
	defer log.Close()
	served := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if served++; served%3 == 0 {
			w.Header().Set("Connection", "close")
		}
		log.ServeHTTP(w, r)
	}))
	defer server.Close()
	transport, _ := server.Client().Transport.(*http.Transport)
	dials := 0
	dial := func(deadline time.Time) (net.Conn, error) {
		dials++
		d := tls.Dialer{NetDialer: &net.Dialer{Deadline: deadline}, Config: &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, ServerName: "example.com"}}
		return d.DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	}
	shown, err := alarm.New(alarm.Config{}, output{}, output{})
	if err != nil {
		t.Fatal(err)
	}
	client := https.New(dial, "example.com")
	defer client.Close()
	w, err := watch.New(watch.Config{
		Client: client, Host: "example.com", Token: log.Token(), Store: &flash{}, Alarm: shown,
		Now: time.Now, Sleep: func(time.Duration) {}, Random: func() uint32 { return 0 },
	})
	if err != nil {
		t.Fatal(err)
	}
	happened := 0
	for round := range 6 {
		if round > 0 {
			log.Own().AddEvents(make([]workatotest.Event, 10*round)...)
			happened += 10 * round
		}
		if _, err := w.Poll(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	if got := w.State().Open; got != happened || dials < 2 || dials > served/2 {
		t.Errorf("%d events told of %d, %d dials for %d requests", got, happened, dials, served)
	}
}
