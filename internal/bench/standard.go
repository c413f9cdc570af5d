//go:build !goexperiment.jsonv2

package bench

// Build is how this program was built.
const Build = "plain"

func experimental() []decoder { return nil }
