// Command arithmetic computes with the patched crypto of a GOROOT: it reads a
// question on each line and prints the answer.
//
//	base P-256 SCALAR            a multiple of the base point
//	mult P-256 SCALAR SCALAR     the first one of the second one of the base point
//	x25519 SCALAR POINT
//	ecdsa P-256 SCALAR HASH R S  whether the signature is one of SCALAR's public key
//	rsa MODULUS HASH SIGNATURE   whether it is one, with the exponent 65537
package main

import (
	"bufio"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"math/big"
	"os"
	"strings"
	_ "unsafe" // for go:linkname
)

//go:linkname programRandom program.random
func programRandom([]byte) { panic("nothing here is random") }

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fmt.Println(answer(strings.Fields(lines.Text())))
	}
}

func answer(words []string) any {
	kind, words := words[0], words[1:]
	var curve elliptic.Curve
	if strings.HasPrefix(words[0], "P-") {
		curve = map[string]elliptic.Curve{"P-224": elliptic.P224(), "P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[words[0]]
		words = words[1:]
	}
	var bytes [][]byte
	var numbers []*big.Int
	for _, w := range words {
		n, _ := new(big.Int).SetString(w, 16)
		numbers = append(numbers, n)
		bytes = append(bytes, n.FillBytes(make([]byte, len(w)/2)))
	}
	switch kind {
	case "base":
		return fmt.Sprint(curve.ScalarBaseMult(bytes[0]))
	case "mult":
		x, y := curve.ScalarBaseMult(bytes[1])
		if x.Sign() == 0 && y.Sign() == 0 {
			return "infinity"
		}
		return fmt.Sprint(curve.ScalarMult(x, y, bytes[0]))
	case "x25519":
		private, err := ecdh.X25519().NewPrivateKey(bytes[0])
		if err != nil {
			return err
		}
		public, err := ecdh.X25519().NewPublicKey(bytes[1])
		if err != nil {
			return err
		}
		secret, err := private.ECDH(public)
		return fmt.Sprint(secret, err)
	case "ecdsa":
		x, y := curve.ScalarBaseMult(bytes[0])
		return ecdsa.Verify(&ecdsa.PublicKey{Curve: curve, X: x, Y: y}, bytes[1], numbers[2], numbers[3])
	case "rsa":
		return rsa.VerifyPKCS1v15(&rsa.PublicKey{N: numbers[0], E: 65537}, crypto.SHA256, bytes[1], bytes[2])
	}
	return "no such question"
}
