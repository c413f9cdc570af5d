//go:build amd64 || arm64

package bench

import "github.com/bytedance/sonic"

// SonicCompiles tells whether sonic works with its own compiler here, and not by
// handing everything to the standard library.
func SonicCompiles() bool { return sonic.APIKind == sonic.UseSonicJSON }

func sonicDecoders() []decoder {
	return []decoder{
		{"bytedance/sonic", Strict, whole(sonic.Unmarshal)},
		{"bytedance/sonic" + WithRaw, StrictRaw, rowByRow(sonic.Unmarshal)},
	}
}
