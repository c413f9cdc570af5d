// Package ontarget_test is for the chip: what its arithmetic makes of known answers. The
// tests are few and small, so that they run on the emulated chip; on a computer
// they show that the answers are right.
package ontarget_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"testing"

	"github.com/workato-go/sdk/examples/picow/secure"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func number(s string) *big.Int { return new(big.Int).SetBytes(unhex(s)) }

// Multiples of the base points that are published with the curves.
func TestBase(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		curve        ecdh.Curve
		scalar, x, y string
	}{
		{
			ecdh.P256(), "0000000000000000000000000000000000000000000000000000000000000001",
			"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
			"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
		},
		{
			ecdh.P256(), "0000000000000000000000000000000000000000000000000000000000000002",
			"7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978",
			"07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1",
		},
		{
			ecdh.P256(), "000000000000000000000000000000000000000000000000018ebbb95eed0e13",
			"339150844ec15234807fe862a86be77977dbfb3ae3d96f4c22795513aeaab82f",
			"b1c14ddfdc8ec1b2583f51e85a5eb3a155840f2034730e9b5ada38b674336a21",
		},
		{
			ecdh.P256(), "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
			"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
			"b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
		},
		{
			ecdh.P384(), "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002",
			"08d999057ba3d2d969260045c55b97f089025959a6f434d651d207d19fb96e9e4fe0e86ebe0e64f85b96a9c75295df61",
			"8e80f1fa5b1b3cedb7bfe8dffd6dba74b275d875bc6cc43e904e505f256ab4255ffd43e94d39e22d61501e700a940e80",
		},
		{
			ecdh.P384(), "00000000000000000000000000000000000000000000000000000000000000000000000000000000018ebbb95eed0e13",
			"a499efe48839bc3abcd1c5cedbdd51904f9514db44f4686db918983b0c9dc3aee05a88b72433e9515f91a329f5f4fa60",
			"3b7ca28ef31f809c2f1ba24aaed847d0f8b406a4b8968542de139db5828ca410e615d1182e25b91b1131e230b727d36a",
		},
	} {
		key, err := test.curve.NewPrivateKey(unhex(test.scalar))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := key.PublicKey().Bytes(), unhex("04"+test.x+test.y); !bytes.Equal(got, want) {
			t.Errorf("%s: %x, want %x", test.scalar, got, want)
		}
	}
}

// RFC 7748, section 5.2.
func TestX25519(t *testing.T) {
	t.Parallel()
	private, err := ecdh.X25519().NewPrivateKey(unhex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"))
	if err != nil {
		t.Fatal(err)
	}
	public, err := ecdh.X25519().NewPublicKey(unhex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := private.ECDH(public)
	if want := "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"; err != nil || hex.EncodeToString(got) != want {
		t.Errorf("%x, %v, want %s", got, err, want)
	}
}

// RFC 6979, appendix A.2.5 and A.2.6, of the message "sample".
func TestECDSA(t *testing.T) {
	t.Parallel()
	short, long := sha256.Sum256([]byte("sample")), sha512.Sum384([]byte("sample"))
	for _, test := range []struct {
		name       string
		curve      elliptic.Curve
		hash       []byte
		x, y, r, s string
	}{
		{
			"P-256", elliptic.P256(), short[:],
			"60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
			"7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
			"efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
			"f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
		},
		{
			"P-384", elliptic.P384(), long[:],
			"ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13",
			"8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
			"94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
			"99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
		},
	} {
		key, err := ecdsa.ParseUncompressedPublicKey(test.curve, unhex("04"+test.x+test.y))
		if err != nil {
			t.Fatal(err)
		}
		if !ecdsa.Verify(key, test.hash, number(test.r), number(test.s)) {
			t.Errorf("%s: the signature is refused", test.name)
		}
		test.hash[3] ^= 1
		if ecdsa.Verify(key, test.hash, number(test.r), number(test.s)) {
			t.Errorf("%s: the signature of something else is accepted", test.name)
		}
	}
}

// The authorities sign their own certificates: RSA with 2048 and 4096 bits, and both
// curves, as they are met in the wild.
func TestAuthorities(t *testing.T) {
	t.Parallel()
	wanted := map[string]bool{"Amazon Root CA 1": true, "ISRG Root X1": true, "Amazon Root CA 3": true, "ISRG Root X2": true}
	for rest := []byte(secure.Authorities()); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		name := cert.Subject.CommonName
		if !wanted[name] {
			continue
		}
		delete(wanted, name)
		if err := cert.CheckSignatureFrom(cert); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		cert.RawTBSCertificate[40] ^= 1
		if err := cert.CheckSignatureFrom(cert); err == nil {
			t.Errorf("%s: a changed certificate is accepted", name)
		}
	}
	for name := range wanted {
		t.Errorf("%s is not there", name)
	}
}
