module github.com/workato-go/sdk/examples/picow

go 1.26.0

require (
	github.com/soypat/cyw43439 v0.2.0
	github.com/soypat/lneto v0.4.0
	github.com/workato-go/sdk v0.0.0-00010101000000-000000000000
	github.com/workato-go/sdk/examples v0.0.0-00010101000000-000000000000
	golang.org/x/sys v0.49.0
	golang.org/x/term v0.47.0
)

require (
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	github.com/soypat/seqs v0.0.0-20250124201400-0d65bc7c1710 // indirect
	github.com/tinygo-org/pio v0.2.0 // indirect
	golang.org/x/exp v0.0.0-20240808152545-0cdaa3abc0fa // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace (
	github.com/workato-go/sdk => ../../
	github.com/workato-go/sdk/examples => ../
)

// The version that the driver asks for cannot be had everywhere. The driver does
// not use it but in its examples; package network makes up for what this one lacks.
replace github.com/soypat/lneto => github.com/soypat/lneto v0.3.2
