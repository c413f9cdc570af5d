// Package mlkem holds the names of Go's crypto/mlkem and fails wherever one is
// used: the key exchange costs 723 KB of flash and is not offered to the server.
package mlkem

import (
	"crypto"
	"errors"
)

const (
	SeedSize                 = 64
	SharedKeySize            = 32
	CiphertextSize768        = 1088
	CiphertextSize1024       = 1568
	EncapsulationKeySize768  = 1184
	EncapsulationKeySize1024 = 1568
)

var errAbsent = errors.New("mlkem: not part of this build")

type absent struct{}

func (absent) Bytes() []byte                        { return nil }
func (absent) Encapsulate() (shared, cipher []byte) { return nil, nil }
func (absent) Decapsulate([]byte) ([]byte, error)   { return nil, errAbsent }
func (absent) Encapsulator() crypto.Encapsulator    { return new(EncapsulationKey768) }

type (
	EncapsulationKey768  struct{ absent }
	EncapsulationKey1024 struct{ absent }
	DecapsulationKey768  struct{ absent }
	DecapsulationKey1024 struct{ absent }
)

func GenerateKey768() (*DecapsulationKey768, error)                 { return nil, errAbsent }
func GenerateKey1024() (*DecapsulationKey1024, error)               { return nil, errAbsent }
func NewDecapsulationKey768([]byte) (*DecapsulationKey768, error)   { return nil, errAbsent }
func NewDecapsulationKey1024([]byte) (*DecapsulationKey1024, error) { return nil, errAbsent }
func NewEncapsulationKey768([]byte) (*EncapsulationKey768, error)   { return nil, errAbsent }
func NewEncapsulationKey1024([]byte) (*EncapsulationKey1024, error) { return nil, errAbsent }
