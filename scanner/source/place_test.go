package source

import "testing"

func TestPlace(t *testing.T) {
	for path, want := range map[string]string{
		"audit.log":                                       "audit.log",
		"audit.log.3.gz":                                  "audit.log",
		"/var/log/audit/audit.log":                        "audit.log",
		"/var/log/audit/audit.log.1":                      "audit.log",
		"w1/audit.log":                                    "w1",
		"evidence/w1/var/log/audit/audit.log.2":           "w1",
		"evidence/w1/root/docker-events.json":             "w1",
		"bundle.zip!w2/var/log/audit/audit.log":           "w2",
		"case/w3.tar.gz!var/log/audit/audit.log":          "w3",
		"case/w3.tgz!./var/log/dockerd.log":               "w3",
		"./audit.log":                                     "audit.log",
		"":                                                "",
		"a.zip!b.zip!audit.log":                           "b",
		`C:\case\w4\audit.log`:                            "w4",
		"w1/var/log/audit/../../../../w2/audit/audit.log": "w2",
	} {
		if got := Place(path); got != want {
			t.Errorf("%q is of %q, want %q", path, got, want)
		}
	}
}
