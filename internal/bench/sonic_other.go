//go:build !amd64 && !arm64

package bench

// SonicCompiles is false: sonic cannot be built for this processor.
func SonicCompiles() bool { return false }

func sonicDecoders() []decoder { return nil }
