// Package securetest makes certificates for the servers of a test, by authorities
// that only a test trusts.
package securetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"testing"
	"time"
)

// Key is a kind of key pair.
type Key string

// Kinds of keys.
const (
	RSA2048 Key = "RSA 2048"
	P256    Key = "P-256"
	P384    Key = "P-384"
)

func (k Key) generate(tb testing.TB) crypto.Signer {
	tb.Helper()
	var key crypto.Signer
	var err error
	switch k {
	case P256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case P384:
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// Authority signs for servers: a root, which is to be trusted, and an authority
// below it, whose certificate the servers send along.
type Authority struct {
	key        Key
	root, next issuer
}

type issuer struct {
	cert *x509.Certificate
	der  []byte
	key  crypto.Signer
}

// New makes an authority, valid for ten years around now.
func New(tb testing.TB, key Key, now time.Time) *Authority {
	tb.Helper()
	a := &Authority{key: key}
	for i, name := range []string{"Root", "Intermediate"} {
		template := authority("Test "+name+", "+string(key), now)
		template.SerialNumber = big.NewInt(int64(i) + 1)
		a.root, a.next = a.next, issue(tb, template, key.generate(tb), &a.next)
	}
	return a
}

func authority(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             now.AddDate(-5, 0, 0),
		NotAfter:              now.AddDate(5, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
}

// issue signs a certificate for a key; an issuer without a key stands for itself.
func issue(tb testing.TB, template *x509.Certificate, key crypto.Signer, by *issuer) issuer {
	tb.Helper()
	if by.key == nil {
		by = &issuer{cert: template, key: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.cert, key.Public(), by.key)
	if err != nil {
		tb.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return issuer{cert, der, key}
}

// Roots is whom to trust, in PEM.
func (a *Authority) Roots() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.der}))
}

// Server makes the certificate of a server and the chain to send with it.
func (a *Authority) Server(tb testing.TB, host string, from, until time.Time) tls.Certificate {
	tb.Helper()
	return server(issue(tb, leaf(host, from, until), a.key.generate(tb), &a.next), a.next.der)
}

// ServerWithRetinue is Server, but sends along what well-known servers do, or more: a
// certificate for many names, and further authorities that vouch for the root, until
// all certificates together have size bytes.
func (a *Authority) ServerWithRetinue(tb testing.TB, host string, from, until time.Time, size int) tls.Certificate {
	tb.Helper()
	template := leaf(host, from, until)
	for i := range 20 {
		template.DNSNames = append(template.DNSNames, fmt.Sprint("service-", i, ".", host))
	}
	// As large as two notes of certificate logs.
	template.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 99}, Value: make([]byte, 240)}}
	s := server(issue(tb, template, a.key.generate(tb), &a.next), a.next.der)
	older := issue(tb, authority(fmt.Sprint("Older Root, ", a.key), a.root.cert.NotBefore.AddDate(5, 0, 0)), a.key.generate(tb), &issuer{})
	for i := 0; ; i++ {
		cross := issue(tb, authority(fmt.Sprint(a.root.cert.Subject.CommonName, " ", i), a.root.cert.NotBefore.AddDate(5, 0, 0)), a.root.key, &older)
		left := size
		for _, der := range s.Certificate {
			left -= len(der)
		}
		if left < len(cross.der) {
			return s
		}
		s.Certificate = append(s.Certificate, cross.der)
	}
}

// SelfSigned makes a certificate that nobody vouches for.
func SelfSigned(tb testing.TB, host string, from, until time.Time) tls.Certificate {
	tb.Helper()
	return server(issue(tb, leaf(host, from, until), P256.generate(tb), &issuer{}))
}

func leaf(host string, from, until time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(3),
		Subject:      pkix.Name{CommonName: host},
		DNSNames:     []string{host},
		NotBefore:    from,
		NotAfter:     until,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

func server(own issuer, chain ...[]byte) tls.Certificate {
	return tls.Certificate{Certificate: append([][]byte{own.der}, chain...), PrivateKey: own.key}
}
