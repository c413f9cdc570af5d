// Package ed25519 holds the names of Go's Ed25519 and fails wherever one is used:
// its tables cost 39 KB of RAM, and no public authority signs with it.
package ed25519

import "errors"

var errAbsent = errors.New("ed25519: not part of this build")

type (
	PrivateKey struct{ seed, public []byte }
	PublicKey  struct{ public []byte }
)

func (k *PrivateKey) Bytes() []byte     { return append(k.seed, k.public...) }
func (k *PrivateKey) Seed() []byte      { return k.seed }
func (k *PrivateKey) PublicKey() []byte { return k.public }
func (k *PublicKey) Bytes() []byte      { return k.public }

func GenerateKey() (*PrivateKey, error)                 { return nil, errAbsent }
func NewPrivateKey([]byte) (*PrivateKey, error)         { return nil, errAbsent }
func NewPrivateKeyFromSeed([]byte) (*PrivateKey, error) { return nil, errAbsent }
func NewPublicKey([]byte) (*PublicKey, error)           { return nil, errAbsent }

func Sign(*PrivateKey, []byte) []byte                     { return nil }
func SignPH(*PrivateKey, []byte, string) ([]byte, error)  { return nil, errAbsent }
func SignCtx(*PrivateKey, []byte, string) ([]byte, error) { return nil, errAbsent }
func Verify(*PublicKey, []byte, []byte) error             { return errAbsent }
func VerifyPH(*PublicKey, []byte, []byte, string) error   { return errAbsent }
func VerifyCtx(*PublicKey, []byte, []byte, string) error  { return errAbsent }
