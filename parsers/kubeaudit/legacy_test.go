package kubeaudit

import (
	"strings"
	"testing"

	"tideline/parsers"
)

func TestLegacyLines(t *testing.T) {
	at := "2017-06-01T10:00:00.5Z AUDIT: "
	for line, want := range map[string]string{
		at + `id="1" stage="RequestReceived" ip="1.2.3.4" method="get" user="ann" groups="\"a\",\"b\"" as="root" asgroups="\"c\"" namespace="x" uri="/api/v1/namespaces/x/pods/p/exec?command=id" response="<deferred>"`: "2017-06-01T10:00:00.5Z ann get pods/exec x/p unknown $ id [kubernetes-audit: user.groups=a user.groups=b impersonatedUser.username=root]",
		at + `id="2" ip="1.2.3.4" method="GET" user="ann" groups="<none>" as="<self>" asgroups="<lookup>" namespace="<none>" uri="/api/v1/secrets"`:                                                                      "2017-06-01T10:00:00.5Z ann list secrets / unknown",
		at + `id="2" response="200"`: "2017-06-01T10:00:00.5Z - - - / allowed",
		at + `id="3" stage="ResponseComplete" ip="<unknown>" method="list" user="<none>" uri="/api/v1/namespaces/x/secrets?fieldSelector=metadata.name%3Dtls" response="401"`: "2017-06-01T10:00:00.5Z - list secrets x/tls denied",
		at + `id="4" stage="ResponseComplete" method="get" user="ann" uri="/apis/rbac.authorization.k8s.io/v1/clusterroles/admin" response="403"`:                             "2017-06-01T10:00:00.5Z ann get clusterroles /admin denied",
		at + `id="5" stage="ResponseComplete" method="get" user="ann" uri="/healthz" response="200"`:                                                                          "2017-06-01T10:00:00.5Z ann get - / allowed",
	} {
		got := decodeAll(t, []string{"user.groups", "impersonatedUser.username"}, line)
		if len(got) != 1 || got[0] != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, " + "), want)
		}
	}
}

func TestLegacyCut(t *testing.T) {
	line := legacyLine[:strings.Index(legacyLine, `default:web"`)]
	got := decodeAll(t, nil, line)
	if len(got) != 2 || !strings.Contains(got[0], " - list ") || !strings.HasPrefix(got[1], "json.damaged") {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
}

func TestWhatIsNoLegacyLine(t *testing.T) {
	for _, line := range []string{`soon AUDIT: id="1" method="get"`, `2017-06-01T10:00:00Z AUDIT: name="1"`, `AUDIT: id="1"`,
		strings.Repeat("x", 200) + legacyLine} {
		if got := decodeAll(t, nil, line); got[0] != parsers.ErrForeign.Error() {
			t.Errorf("%.60s: %s", line, got)
		}
	}
}
