// Package fips140cache remembers nothing in this build. Go's keeps private keys
// in a map of weak pointers, which TinyGo's runtime does not have.
package fips140cache

type Cache[K, V any] struct{}

// Get computes the value.
func (*Cache[K, V]) Get(_ *K, compute func() (*V, error), _ func(*V) bool) (*V, error) {
	return compute()
}
