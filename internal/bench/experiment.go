//go:build goexperiment.jsonv2

package bench

import jsonv2 "encoding/json/v2"

// Build is how this program was built: in this one encoding/json rests on
// encoding/json/v2.
const Build = "jsonv2"

func experimental() []decoder {
	unmarshal := func(data []byte, v any) error { return jsonv2.Unmarshal(data, v) }
	return []decoder{
		{V2, Strict, whole(unmarshal)},
		{V2 + WithRaw, StrictRaw, rowByRow(unmarshal)},
	}
}
