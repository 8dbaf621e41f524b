package formats

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"tideline/parsers"
)

// notFormats are the packages beside the formats.
var notFormats = map[string]bool{"formats": true, "journal": true, "locallog": true, "envelope": true, "parsertest": true, "internal": true}

// TestEveryPackageIsInTheList fails for a format that was written and then not
// listed.
func TestEveryPackageIsInTheList(t *testing.T) {
	listed := map[string]bool{}
	for _, f := range All() {
		name := runtime.FuncForPC(reflect.ValueOf(f.NewDecoder).Pointer()).Name()
		name = strings.TrimPrefix(name, "tideline/parsers/")
		name, _, _ = strings.Cut(name, ".")
		listed[name] = true
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		sources, err := filepath.Glob(filepath.Join("..", e.Name(), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if e.IsDir() && !notFormats[e.Name()] && len(sources) > 0 && !listed[e.Name()] {
			t.Errorf("package parsers/%s is not in the list of formats", e.Name())
		}
	}
}

func TestFormatsAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	output := false
	for _, f := range All() {
		if f.Name == "" || f.Title == "" || len(f.Kinds) == 0 || f.Sniff == nil || f.NewDecoder == nil || seen[f.Name] {
			t.Errorf("format %q is not described in full, or is listed twice", f.Name)
		}
		seen[f.Name] = true
		output = output || f.Name == outputName
	}
	if !output {
		t.Errorf("there is no format called %q any more", outputName)
	}
	if !reflect.DeepEqual(NewReader().Formats(), All()) {
		t.Error("the reader has another list")
	}
}

// TestSniffRefusesOthers: no format takes what is certainly of another.
func TestSniffRefusesOthers(t *testing.T) {
	for want, line := range samples {
		best, at := parsers.No, ""
		for _, f := range All() {
			if v := f.Sniff([]byte(line+"\n"), ""); v.Confidence > best {
				best, at = v.Confidence, f.Name
			} else if v.Confidence == parsers.No && v.Why == "" {
				t.Errorf("%s refuses %.40q without a reason", f.Name, line)
			}
		}
		if at != want {
			t.Errorf("%.60q: taken by %q with %d, want %q", line, at, best, want)
		}
	}
}

// samples are one record of each format.
var samples = map[string]string{
	"kubernetes-audit": `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a-1","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"ann"},"sourceIPs":["192.0.2.7"],"objectRef":{"resource":"secrets","apiVersion":"v1"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2025-03-01T10:00:00.000000Z","stageTimestamp":"2025-03-01T10:00:00.100000Z"}`,
	"auditd":           `type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="cat" exe="/usr/bin/cat" key="k"`,
	"docker-events":    `{"status":"start","id":"4386fb97867d4386fb97867d4386fb97867d4386fb97867d4386fb97867d4386","from":"alpine","Type":"container","Action":"start","Actor":{"ID":"4386fb97867d4386fb97867d4386fb97867d4386fb97867d4386fb97867d4386","Attributes":{"image":"alpine","name":"x"}},"scope":"local","time":1740823200,"timeNano":1740823200123000000}`,
	"dockerd":          `time="2025-03-01T10:00:00.123456789Z" level=debug msg="Calling POST /v1.41/containers/create?name=x"`,
	"docker-inspect":   `{"Id":"4386fb97867d4386fb97867d4386fb97867d4386fb97867d4386fb97867d4386","Created":"2025-03-01T10:00:00.123456789Z","Path":"sh","Args":[],"State":{"Status":"running","Running":true,"StartedAt":"2025-03-01T10:00:00.2Z"},"Image":"sha256:00","Name":"/web","HostConfig":{"Binds":["/:/host"],"Privileged":true},"Mounts":[],"Config":{"Hostname":"web","Env":["A=b"],"Image":"alpine"}}`,
	"kubernetes-http":  `I0301 10:00:00.123456       1 httplog.go:132] "HTTP" verb="LIST" URI="/api/v1/secrets?limit=500" latency="3.1ms" userAgent="curl/8.5.0" audit-ID="5b0d0001-0000-4000-8000-000000000001" srcIP="10.0.3.7:51234" apf_iseats=1 resp=200`,
	"container-log":    `2025-03-01T10:00:00.123456789Z stdout F hello world`,
}
