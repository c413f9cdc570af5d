package secure

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"time"
)

// MaxHandshake bounds what a server may send before it is trusted, in bytes. The
// chains of the web have a few KB; somebody else must not fill the memory.
const MaxHandshake = 12 << 10

// Config says who must be at the other end.
type Config struct {
	Host  string           // the name that the certificate must have
	Roots string           // PEM: whom to trust; "": those of roots.pem
	Now   func() time.Time // must be right to some hours, for certificates begin and end
	// NotBefore is a time that is past for sure, such as that of the build. A clock
	// that says less was never set, and no certificate is judged by it.
	NotBefore time.Time
	Deadline  time.Time // for the handshake; zero: none
}

var (
	// ErrUntrusted is what a refused certificate is: errors.Is(err, ErrUntrusted).
	// The error itself is a *CertificateError, which says why.
	ErrUntrusted = errors.New("the server's certificate is refused")
	// ErrClock means that the clock was not set.
	ErrClock = errors.New("the clock is not set, so certificates cannot be judged")
	// ErrHandshake means that the other end speaks no TLS that is good enough. What
	// it wrapped says more.
	ErrHandshake = errors.New("no TLS with the server")
)

// Reason is why a certificate was refused.
type Reason uint8

// Reasons.
const (
	UnknownAuthority Reason = iota + 1 // nobody vouches for it who is trusted here
	WrongName                          // it is another host's
	Expired
	NotYetValid
	Unusable // it breaks the rules, or has a key that cannot be checked here
)

func (r Reason) String() string {
	switch r {
	case UnknownAuthority:
		return "none of the known authorities vouches for it"
	case WrongName:
		return "it is for another name"
	case Expired:
		return "it has expired"
	case NotYetValid:
		return "it is not valid yet"
	default:
		return "it cannot be used"
	}
}

// CertificateError is a refused certificate.
type CertificateError struct {
	Host   string
	Reason Reason
	Err    error // from crypto/x509
}

func (e *CertificateError) Error() string {
	return ErrUntrusted.Error() + ": " + e.Host + ": " + e.Reason.String()
}

// Is reports whether the target is ErrUntrusted.
func (e *CertificateError) Is(target error) bool { return target == ErrUntrusted }

func (e *CertificateError) Unwrap() error { return e.Err }

// Client makes a connection to a server secure and closes it where that fails. What
// goes wrong with the connection itself comes back as it is; its end before the
// handshake's is io.ErrUnexpectedEOF.
func Client(conn net.Conn, c Config) (net.Conn, error) {
	client, err := handshake(conn, c)
	if err == nil {
		return client, nil
	}
	// The error is the news, and not how the end went.
	if client != nil {
		_ = client.Close()
	} else {
		_ = conn.Close()
	}
	return nil, err
}

// handshake gives the connection also where it fails; nil: it did not begin.
func handshake(conn net.Conn, c Config) (*tls.Conn, error) {
	if c.Host == "" {
		return nil, errors.New("secure: Config.Host is empty: say who must be at the other end")
	}
	if c.Now().Before(c.NotBefore) {
		return nil, ErrClock
	}
	if err := conn.SetDeadline(c.Deadline); err != nil {
		return nil, err
	}
	watched := &bounded{Conn: conn, left: MaxHandshake}
	checked := false
	client := tls.Client(watched, &tls.Config{
		ServerName: c.Host,
		MinVersion: tls.VersionTLS12,
		// X25519 is the cheapest by far; the others are for a server that has nothing
		// else, and for TLS 1.2, where they also say which certificates can be checked.
		CurvePreferences:       []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384},
		Time:                   c.Now,
		SessionTicketsDisabled: true,
		// The check of crypto/tls wants all roots in memory at once. The same check is
		// done here, with those that the server's chain refers to.
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection below checks the chain, the name and the dates
		VerifyConnection: func(s tls.ConnectionState) error {
			if err := verify(s.PeerCertificates, c); err != nil {
				return err
			}
			checked = true
			return nil
		},
	})
	if err := client.HandshakeContext(context.Background()); err != nil {
		if errors.Is(err, ErrUntrusted) {
			return client, err
		}
		if errors.Is(watched.err, io.EOF) {
			return client, io.ErrUnexpectedEOF
		}
		if watched.err != nil {
			return client, watched.err
		}
		return client, &handshakeError{err}
	}
	if !checked || !client.ConnectionState().HandshakeComplete {
		return client, &handshakeError{errors.New("it ended without a certificate")}
	}
	watched.left = -1
	return client, conn.SetDeadline(time.Time{})
}

// verify judges the chain that a server sent, the server's own certificate first.
func verify(chain []*x509.Certificate, c Config) error {
	refused := func(r Reason, err error) error { return &CertificateError{Host: c.Host, Reason: r, Err: err} }
	if len(chain) == 0 {
		return refused(Unusable, nil)
	}
	text := c.Roots
	if text == "" {
		text = roots
	}
	anchors, err := issuers(text, chain)
	if err != nil {
		return err
	}
	now := c.Now()
	options := x509.VerifyOptions{
		DNSName:       c.Host,
		Roots:         anchors,
		Intermediates: x509.NewCertPool(),
		CurrentTime:   now,
	}
	for _, cert := range chain[1:] {
		options.Intermediates.AddCert(cert)
	}
	_, err = chain[0].Verify(options)
	switch {
	case err == nil:
		return nil
	case as[x509.UnknownAuthorityError](err):
		return refused(UnknownAuthority, err)
	case as[x509.HostnameError](err):
		return refused(WrongName, err)
	}
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil {
		if now.Before(invalid.Cert.NotBefore) {
			return refused(NotYetValid, err)
		}
		return refused(Expired, err)
	}
	return refused(Unusable, err)
}

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

type handshakeError struct{ err error }

func (e *handshakeError) Error() string   { return ErrHandshake.Error() + ": " + e.err.Error() }
func (e *handshakeError) Unwrap() []error { return []error{ErrHandshake, e.err} }

// bounded is a connection of which only so much can be read; and it knows whether
// an error was one of the connection.
type bounded struct {
	net.Conn
	left int // negative: no bound
	err  error
}

var errLong = errors.New("it sends more than a handshake takes")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errLong
	}
	if b.left > 0 {
		p = p[:min(len(p), b.left)]
	}
	n, err := b.Conn.Read(p)
	if b.left > 0 {
		b.left -= n
	}
	if err != nil {
		b.err = err
	}
	return n, err
}

func (b *bounded) Write(p []byte) (int, error) {
	n, err := b.Conn.Write(p)
	if err != nil {
		b.err = err
	}
	return n, err
}

// TinyGo's crypto/tls has no such type. With it, this package must not compile: it
// would speak in plain text.
var _ tls.CertificateVerificationError
