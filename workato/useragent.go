package workato

import (
	"runtime/debug"
)

const modulePath = "github.com/workato-go/sdk"

// sdkProduct is the SDK's part of the User-Agent header. The version is the
// one that the program was built with, so that no constant needs a bump.
func sdkProduct() string {
	return "workato-go-sdk/" + moduleVersion(debug.ReadBuildInfo())
}

func moduleVersion(info *debug.BuildInfo, ok bool) string {
	version := ""
	if ok {
		if info.Main.Path == modulePath {
			version = info.Main.Version
		}
		for _, dep := range info.Deps {
			if dep.Path == modulePath {
				version = dep.Version
			}
		}
	}
	if version == "" || version == "(devel)" {
		return "devel"
	}
	return version
}
