module github.com/workato-go/sdk/internal/bench

go 1.26.0

require (
	github.com/buger/jsonparser v1.1.1
	github.com/bytedance/sonic v1.15.0
	github.com/goccy/go-json v0.10.5
	github.com/minio/simdjson-go v0.4.5
	github.com/segmentio/encoding v0.5.3
	github.com/valyala/fastjson v1.6.4
	github.com/workato-go/sdk v0.0.0-00010101000000-000000000000
)

require (
	github.com/bytedance/gopkg v0.1.3 // indirect
	github.com/bytedance/sonic/loader v0.5.0 // indirect
	github.com/cloudwego/base64x v0.1.6 // indirect
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	github.com/klauspost/compress v1.15.15 // indirect
	github.com/klauspost/cpuid/v2 v2.2.9 // indirect
	github.com/segmentio/asm v1.1.3 // indirect
	github.com/twitchyliquid64/golang-asm v0.15.1 // indirect
	golang.org/x/arch v0.0.0-20210923205945-b76863e36670 // indirect
	golang.org/x/sys v0.22.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/workato-go/sdk => ../../
