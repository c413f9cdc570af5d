package workato

import "strings"

// Region names a Workato data center. The token of one region is unknown in
// every other.
type Region string

// The data centers, as listed in the base URLs of Workato's API documentation.
// A private installation has a host of its own: see [WithBaseURL].
const (
	US    Region = "us"    // https://www.workato.com, the default
	EU    Region = "eu"    // https://app.eu.workato.com
	JP    Region = "jp"    // https://app.jp.workato.com
	SG    Region = "sg"    // https://app.sg.workato.com
	AU    Region = "au"    // https://app.au.workato.com
	IL    Region = "il"    // https://app.il.workato.com
	KR    Region = "kr"    // https://app.kr.workato.com
	UK    Region = "uk"    // https://app.uk.workato.com
	CN    Region = "cn"    // https://app.workatoapp.cn, a domain of its own
	Trial Region = "trial" // https://app.trial.workato.com, also the developer sandbox
)

const regionNames = "us, eu, jp, sg, au, il, kr, uk, cn or trial"

// ParseRegion reads the name of a region, in any case and with space around
// it. Any other text is an [*ArgumentError] that lists the names.
func ParseRegion(s string) (Region, error) {
	region := Region(strings.ToLower(strings.TrimSpace(s)))
	if region.host() == "" {
		return "", &ArgumentError{Field: "region", Reason: "is not known; use " + regionNames}
	}
	return region, nil
}

// host is the API's host in the region; empty where the region is unknown.
func (r Region) host() string {
	switch r {
	case US:
		return "www.workato.com"
	case CN:
		return "app.workatoapp.cn"
	case EU, JP, SG, AU, IL, KR, UK, Trial:
		return "app." + string(r) + ".workato.com"
	default:
		return ""
	}
}
