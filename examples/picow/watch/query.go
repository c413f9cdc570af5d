package watch

import (
	"strconv"
	"strings"
	"time"

	"github.com/workato-go/sdk/activity/diff"
)

// validCustomer says whether a customer can be part of a path.
func validCustomer(customer string) bool {
	if external, ok := strings.CutPrefix(customer, "E"); ok {
		return external != ""
	}
	for i := range len(customer) {
		if customer[i] < '0' || customer[i] > '9' {
			return false
		}
	}
	return customer == "" || len(customer) <= 18 && customer[0] != '0'
}

// appendPath writes the path and query of a question, as the SDK's activity
// service does: parameters in the order of their names, all escaped.
func appendPath(b []byte, customer string, q diff.Query) []byte {
	b = append(b, "/api/"...)
	if customer != "" {
		b = append(b, "managed_users/"...)
		b = appendEscaped(b, customer)
		b = append(b, '/')
	}
	b = append(b, "activity_logs?"...)
	if q.FromMs > 0 {
		b = append(b, "from="...)
		b = appendTime(b, q.FromMs)
		b = append(b, '&')
	}
	if q.After > 0 {
		b = append(b, "page%5Bafter%5D="...)
		b = strconv.AppendInt(b, q.After, 10)
		b = append(b, '&')
	}
	b = append(b, "page%5Bsize%5D="...)
	b = strconv.AppendInt(b, int64(q.Size), 10)
	if q.ToMs > 0 {
		b = append(b, "&to="...)
		b = appendTime(b, q.ToMs)
	}
	return b
}

// appendTime writes a time as the API wants it, in UTC and escaped. The escape of a
// colon has a 3, which would mean the hour in one layout for all.
func appendTime(b []byte, ms int64) []byte {
	const colon = "%3A"
	seconds := "05Z"
	if ms%1000 != 0 {
		seconds = "05.000Z"
	}
	t := time.UnixMilli(ms).UTC()
	b = t.AppendFormat(b, "2006-01-02T15")
	b = append(b, colon...)
	b = t.AppendFormat(b, "04")
	b = append(b, colon...)
	return t.AppendFormat(b, seconds)
}

// appendEscaped writes one segment of a path.
func appendEscaped(b []byte, segment string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(segment) {
		c := segment[i]
		alphanumeric := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if alphanumeric || strings.IndexByte("-_.~$&+:=@", c) >= 0 {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return b
}
