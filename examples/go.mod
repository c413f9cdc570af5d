module github.com/workato-go/sdk/examples

go 1.26.0

require (
	github.com/warthog618/go-gpiocdev v0.9.1
	github.com/workato-go/sdk v0.0.0-00010101000000-000000000000
	golang.org/x/term v0.47.0
)

require (
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/workato-go/sdk => ../
