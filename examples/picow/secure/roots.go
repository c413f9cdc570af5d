package secure

import (
	"bytes"
	"crypto/x509"
	_ "embed" // for roots.pem
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"strings"
)

// roots stays in flash; nothing of it is in memory but while a server is judged.
//
//go:embed roots.pem
var roots string

const (
	begin = "-----BEGIN CERTIFICATE-----"
	end   = "-----END CERTIFICATE-----"
)

var errRoots = errors.New("secure: the certificates of the authorities are damaged")

// issuers gives those certificates of a PEM text whose subject is the issuer of one
// in the chain: the only ones that can vouch for it.
func issuers(text string, chain []*x509.Certificate) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	some := false
	for {
		_, after, found := strings.Cut(text, begin)
		if !found {
			break
		}
		inside, rest, found := strings.Cut(after, end)
		if !found {
			return nil, errRoots
		}
		text, some = rest, true
		der, err := base64.StdEncoding.DecodeString(inside)
		if err != nil {
			return nil, errRoots
		}
		name, err := subject(der)
		if err != nil {
			return nil, err
		}
		for _, cert := range chain {
			if !bytes.Equal(cert.RawIssuer, name) {
				continue
			}
			root, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, errRoots
			}
			pool.AddCert(root)
			break
		}
	}
	if !some {
		return nil, errRoots
	}
	return pool, nil
}

// subject finds the name in a certificate without parsing the rest of it.
func subject(der []byte) ([]byte, error) {
	var outer, inner asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return nil, errRoots
	}
	if _, err := asn1.Unmarshal(outer.Bytes, &inner); err != nil { // what is signed
		return nil, errRoots
	}
	rest := inner.Bytes
	// Version (which all but the oldest have), serial number, algorithm, issuer,
	// validity, and then the subject.
	fields := 6
	for i := range fields {
		var field asn1.RawValue
		after, err := asn1.Unmarshal(rest, &field)
		if err != nil || i == 0 && field.Class != asn1.ClassContextSpecific {
			return nil, errRoots
		}
		if i == fields-1 {
			return field.FullBytes, nil
		}
		rest = after
	}
	return nil, errRoots
}

// Authorities are the certificates of roots.pem, in PEM.
func Authorities() string { return roots }
