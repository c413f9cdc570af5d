// Command roots writes roots.pem: the certificates of the authorities that sign
// for most of the web, out of Debian's package ca-certificates, which has them from
// Mozilla. A microcontroller has no room for all of them.
package main

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
)

const folder = "/usr/share/ca-certificates/mozilla"

// Those that the large clouds and the large certificate sellers sign with, and
// Let's Encrypt, each with RSA and with elliptic curves where it has both.
var names = []string{
	"Amazon_Root_CA_1", "Amazon_Root_CA_2", "Amazon_Root_CA_3", "Amazon_Root_CA_4",
	"Starfield_Services_Root_Certificate_Authority_-_G2", // cross-signs Amazon's
	"DigiCert_Global_Root_CA", "DigiCert_Global_Root_G2", "DigiCert_Global_Root_G3",
	"DigiCert_TLS_RSA4096_Root_G5", "DigiCert_TLS_ECC_P384_Root_G5",
	"GTS_Root_R1", "GTS_Root_R2", "GTS_Root_R3", "GTS_Root_R4", // Google
	"GlobalSign_Root_CA_-_R3", "GlobalSign_Root_CA_-_R6", "GlobalSign_Root_R46", "GlobalSign_Root_E46",
	"ISRG_Root_X1", "ISRG_Root_X2", // Let's Encrypt
	"USERTrust_RSA_Certification_Authority", "USERTrust_ECC_Certification_Authority", // Sectigo
	"Sectigo_Public_Server_Authentication_Root_R46", "Sectigo_Public_Server_Authentication_Root_E46",
}

func main() {
	if err := run("roots.pem"); err != nil {
		fmt.Fprintln(os.Stderr, "roots:", err)
		os.Exit(1)
	}
}

func run(to string) error {
	var out bytes.Buffer
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(folder, name+".crt"))
		if err != nil {
			return fmt.Errorf("%w; it comes with the package ca-certificates", err)
		}
		block, _ := pem.Decode(text)
		if block == nil {
			return fmt.Errorf("%s is no PEM file", name)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(&out, "# %s\n# %s, until %s\n", cert.Subject, cert.PublicKeyAlgorithm, cert.NotAfter.Format("2006-01-02"))
		if err := pem.Encode(&out, &pem.Block{Type: block.Type, Bytes: block.Bytes}); err != nil {
			return err
		}
		out.WriteByte('\n')
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}
