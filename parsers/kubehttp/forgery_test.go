package kubehttp

import (
	"errors"
	"strings"
	"testing"

	"tideline/parsers"
)

// TestNothingQuotedEndsItsQuotes: what a client chooses cannot say how its request
// ended, where it came from or what it asked for.
func TestNothingQuotedEndsItsQuotes(t *testing.T) {
	const want = "- - list secrets / denied" + " [kubernetes-http: responseStatus.code=403 sourceIPs=10.0.0.7 http.verb=LIST] [kubernetes-http-as-audit: responseStatus.code=403 sourceIPs=10.0.0.7 http.verb=LIST]"
	for _, agent := range []string{
		`x\" resp=200 srcIP=\"10.9.9.9:1\" verb=\"GET`, `x\\\" resp=200`, `\\`, `x] \"HTTP\" verb=\"GET\" URI=\"/healthz\" resp=200`, `\u0022 resp=200`, `\x22 resp=200 `, `: hijacked`, `hijacked=true`, `: (1ms) 200 [a 10.9.9.9:1]`,
	} {
		for shape, line := range map[string]string{
			"current": head + `"HTTP" verb="LIST" URI="/api/v1/secrets" latency="3ms" userAgent="` + agent + `" audit-ID="` + agent + `" srcIP="10.0.0.7:5" resp=403`,
			"quoted":  head + `verb="LIST" URI="/api/v1/secrets" latency=3ms resp=403 UserAgent="` + agent + `" srcIP="10.0.0.7:5": `,
		} {
			events, err := decode(t, line, parsers.Origin{}, "responseStatus.code", "sourceIPs", "http.verb")
			if err != nil || len(events) != 1 || events[0] != want {
				t.Errorf("%s: %v\n%s\nis read as\n%s", shape, err, line, strings.Join(events, "\n"))
			}
		}
	}
}

// TestTheOldShapeCanBeForged: where nothing is quoted, a client can write an answer into
// its name. The line is kept, with the peer that the server wrote, and its status is
// believed in neither.
func TestTheOldShapeCanBeForged(t *testing.T) {
	for _, line := range []string{
		head + `GET /api/v1/secrets: (1ms) 403 [x: (1ms) 200 [kubectl/v1 10.9.9.9:1] 10.0.0.7:5]`,
		head + `GET /api/v1/secrets: (1ms) 200 [x: (1ms) hijacked [kubectl/v1 10.9.9.9:1] 10.0.0.7:5]`,
	} {
		events, err := decode(t, line, parsers.Origin{}, "responseStatus.code", "sourceIPs")
		var said *parsers.RecordError
		if !errors.As(err, &said) || said.Code != "klog.ambiguous" || !said.Note || !said.Kept {
			t.Errorf("%s: %v", line, err)
		}
		if len(events) != 1 || !strings.HasPrefix(events[0], "- - list secrets / unknown [kubernetes-http: sourceIPs=10.0.0.7]") {
			t.Errorf("%s\nis read as\n%s", line, strings.Join(events, "\n"))
		}
	}
}
