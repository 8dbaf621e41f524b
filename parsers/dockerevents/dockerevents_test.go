package dockerevents

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

const (
	id   = "0fdb48addc82871eb34eb23a847cfd033dedd1a0a37bef2e6d9eb3870fc7ff37"
	exec = "exec_create: sh -c echo (a, b=c) | cat /run/secrets/x"
)

var common = []string{"Type", "Action", "docker.action", "docker.cmd", "CommandLine", "Actor.ID", "Actor.Attributes.name", "Actor.Attributes.image", "user"}

// cases are the generations of the format.
var cases = []parsertest.Case{
	{
		Name:   "engine-29",
		Input:  `{"Type":"container","Action":"create","Actor":{"ID":"` + id + `","Attributes":{"image":"alpine:3","name":"web"}},"scope":"local","time":1776109266,"timeNano":1776109266261128842}` + "\n",
		Fields: common,
		Want: []string{"2026-04-13T19:41:06.261128842Z - create container /web allowed [docker-events: Type=container Action=create docker.action=create Actor.ID=" + id +
			" Actor.Attributes.name=web Actor.Attributes.image=alpine:3]"},
	},
	{
		Name: "engine-1.10-exec",
		Input: `{"status":"` + exec + `","id":"` + id + `","from":"alpine:3","Type":"container","Action":"` + exec +
			`","Actor":{"ID":"` + id + `","Attributes":{"execID":"9a","image":"alpine:3","name":"k8s_web","io.kubernetes.pod.namespace":"prod"}},"time":1740823200,"timeNano":1740823200123456789}` + "\n",
		Fields: append([]string{"Actor.Attributes.execID", "status", "scope"}, common...),
		Want: []string{"2025-03-01T10:00:00.123456789Z - exec_create container prod/k8s_web allowed $ sh -c echo (a, b=c) | cat /run/secrets/x [docker-events: Actor.Attributes.execID=9a status=" +
			exec + " Type=container Action=" + exec + " Action=exec_create docker.action=exec_create docker.cmd=sh -c echo (a, b=c) | cat /run/secrets/x" +
			" CommandLine=sh -c echo (a, b=c) | cat /run/secrets/x Actor.ID=" + id + " Actor.Attributes.name=k8s_web Actor.Attributes.image=alpine:3]" +
			" [process_creation: CommandLine=sh -c echo (a, b=c) | cat /run/secrets/x]"},
	},
	{
		Name:   "engine-1.9",
		Input:  `{"status":"start","id":"` + id + `","from":"ubuntu:14.04","time":1400000000,"timeNano":1400000000000000001}` + "\n" + `{"status":"pull","id":"busybox:latest","time":1400000001}` + "\n",
		Fields: []string{"Type", "docker.action", "Actor.Attributes.image"},
		Want: []string{
			"2014-05-13T16:53:20.000000001Z - start container /" + id + " allowed [docker-events: Type=container docker.action=start Actor.Attributes.image=ubuntu:14.04]",
			"2014-05-13T16:53:21Z - pull image /busybox:latest allowed [docker-events: Type=image docker.action=pull]",
		},
	},
	{
		Name: "program-without-arguments", // the engine puts a blank behind it
		Input: `{"Type":"container","Action":"exec_create: env ","Actor":{"Attributes":{"name":"api"}},"time":1740823200}` + "\n" +
			"2025-03-01T10:00:00.000000000Z container exec_create: sh  " + id + " (image=a, name=web)\n",
		Fields: []string{"docker.cmd"},
		Want: []string{
			"2025-03-01T10:00:00Z - exec_create container /api allowed $ env [docker-events: docker.cmd=env ]",
			"2025-03-01T10:00:00Z - exec_create container /web allowed $ sh [docker-events: docker.cmd=sh]",
		},
	},
	{
		Name: "escaped-and-enriched",
		Input: `{"Type":"container","Action":"exec_create: sh -c curl http://x/?a=1\u0026b \"q\"","Actor.Attributes.name":"api","user":"jenkins","time":1740823200}` + "\n" +
			`{"Command":"docker logs web","Type":"container"}` + "\n" +
			`{"@timestamp":"2025-03-01T10:00:00Z","action":"create","container_name":"web","user":"root"}` + "\n",
		Fields: []string{"docker.cmd", "Actor.Attributes.name", "user", "Command"},
		Want: []string{
			`2025-03-01T10:00:00Z jenkins exec_create container /api allowed $ sh -c curl http://x/?a=1&b "q" [docker-events: docker.cmd=sh -c curl http://x/?a=1&b "q"` +
				` Actor.Attributes.name=api user=jenkins]`,
			"- - - container / allowed $ docker logs web [docker-events: Command=docker logs web]",
			"2025-03-01T10:00:00Z root create container /web allowed [docker-events: Actor.Attributes.name=web user=root]",
		},
	},
	{
		Name: "written-by-tools-without-integers",
		Input: `{"Type":"container","Action":"start","Actor":{"ID":"` + id + `","Attributes":{"name":"web"}},"time":1.7408232e+09,"timeNano":1.740823200123456e+18}` + "\n" +
			`{"Type":"container","Action":"stop","Actor":{"ID":"` + id + `","Attributes":{"name":"web"}},"time":1.7408232E9}` + "\n",
		Fields: []string{"docker.action"},
		Want: []string{
			"2025-03-01T10:00:00.123456Z - start container /web allowed [docker-events: docker.action=start]",
			"2025-03-01T10:00:00Z - stop container /web allowed [docker-events: docker.action=stop]",
		},
	},
	{
		Name: "podman-text-without-attributes",
		Input: "2025-03-02 10:33:42.3 +0000 UTC system refresh\n" +
			"2025-03-02 10:33:43.3 +0000 UTC image pull " + id + " docker.io/library/alpine:latest\n",
		Fields: []string{"Type", "docker.action", "Actor.ID"},
		Want: []string{
			"2025-03-02T10:33:42.3Z - refresh system / allowed [docker-events: Type=system docker.action=refresh]",
			"2025-03-02T10:33:43.3Z - pull image /docker.io/library/alpine:latest allowed [docker-events: Type=image docker.action=pull Actor.ID=" + id + "]",
		},
	},
	{
		Name: "template-of-the-manual-with-commands",
		Input: "Type=container  Status=exec_create: env A=b sh -c id  ID=" + id + "\n" +
			"Type=container Action=exec_start: sh Actor.ID=" + id + " name=web\n",
		Fields: []string{"Type", "docker.action", "docker.cmd", "Actor.ID"},
		Want: []string{
			"- - exec_create container /" + id + " allowed $ env A=b sh -c id [docker-events: Type=container docker.action=exec_create docker.cmd=env A=b sh -c id Actor.ID=" + id + "]",
			"- - exec_start container /web allowed $ sh [docker-events: Type=container docker.action=exec_start docker.action=exec_create docker.cmd=sh Actor.ID=" + id + "]",
		},
	},
	{
		Name: "text",
		Input: "2025-03-01T18:00:00.123456789+08:00 container create " + id + " (image=alpine:3, name=web)\n" +
			"2025-03-01T18:00:01+08:00 container " + exec + " " + id + " (desc=one, two = three, execID=9a, image=alpine:3, name=web)\n" +
			"2025-03-01T18:00:02+08:00 volume mount data (container=562f, destination=/foo, driver=local, propagation=, read/write=true)\n" +
			"2025-03-01T18:00:03+08:00 container health_status: unhealthy 0fdb...ff37 (image=alpine:3, name=web)\n" +
			"2025-03-01T10:00:04.000000000Z container die abc123 (image=ubuntu:latest)\n",
		Fields: []string{"Type", "docker.action", "docker.cmd", "Actor.ID", "Actor.Attributes.name", "Actor.Attributes.desc", "Actor.Attributes.propagation", "Actor.Attributes.driver"},
		Want: []string{
			"2025-03-01T10:00:00.123456789Z - create container /web allowed [docker-events: Type=container docker.action=create Actor.ID=" + id + " Actor.Attributes.name=web]",
			"2025-03-01T10:00:01Z - exec_create container /web allowed $ sh -c echo (a, b=c) | cat /run/secrets/x [docker-events: Type=container docker.action=exec_create" +
				" docker.cmd=sh -c echo (a, b=c) | cat /run/secrets/x Actor.ID=" + id + " Actor.Attributes.name=web Actor.Attributes.desc=one, two = three]",
			`2025-03-01T10:00:02Z - mount volume /data allowed [docker-events: Type=volume docker.action=mount Actor.ID=data Actor.Attributes.propagation="" Actor.Attributes.driver=local]`,
			"2025-03-01T10:00:03Z - health_status container /web allowed [docker-events: Type=container docker.action=health_status docker.cmd=unhealthy Actor.ID=0fdb...ff37 Actor.Attributes.name=web]",
			"2025-03-01T10:00:04Z - die container /abc123 allowed [docker-events: Type=container docker.action=die Actor.ID=abc123]",
		},
		Foreign: []string{"2025-03-01T10:00:00Z container of words", "2025-03-01T10:00:00Z stdout F 4386: (from x) die", "2025-03-01T10:00:00Z web: started", "{}", "[]", `"create"`,
			`{"log":"x\n","stream":"stdout","time":"2025-03-01T10:00:00Z"}`, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata"}`, `{"level":"info","msg":"x","time":"2025-03-01T10:00:00Z"}`},
	},
	{
		Name: "text-1.9",
		Input: "2014-05-10T17:42:14.999999999Z07:00 4386fb97867d: (from ubuntu-1:14.04) stop\n" +
			"2014-05-10T17:42:14+01:00 4386fb97867d: (from ubuntu-1:14.04) exec_create: sh -c id\n" +
			"2014-05-10T17:42:14Z busybox:latest: pull\n" +
			"[2013-10-05 17:42:14 +0200 CEST] 4386fb97867d: (from 12de384bfb10) export\n",
		Fields: []string{"Type", "docker.action", "Actor.ID", "from"},
		Want: []string{
			"2014-05-10T17:42:14.999999999Z - stop container /4386fb97867d allowed [docker-events: Type=container docker.action=stop Actor.ID=4386fb97867d from=ubuntu-1:14.04]",
			"2014-05-10T16:42:14Z - exec_create container /4386fb97867d allowed $ sh -c id [docker-events: Type=container docker.action=exec_create Actor.ID=4386fb97867d from=ubuntu-1:14.04]",
			"2014-05-10T17:42:14Z - pull image /busybox:latest allowed [docker-events: Type=image docker.action=pull Actor.ID=busybox:latest]",
			"2013-10-05T15:42:14Z - export container /4386fb97867d allowed [docker-events: Type=container docker.action=export Actor.ID=4386fb97867d from=12de384bfb10]",
		},
	},
	{
		Name: "podman",
		Input: `{"ID":"` + id + `","Image":"alpine:3","Name":"web","Status":"died","Time":"2025-03-01T10:00:00.1-06:00","Type":"container","ContainerExitCode":1,"Attributes":{"app":"x"}}` + "\n" +
			`{"ID":"` + id + `","Image":"alpine:3","Name":"web","Status":"exec","Type":"container","time":1740823200,"timeNano":1740823200100000000}` + "\n" +
			"2019-03-02 10:33:42.312377447 -0600 CST container remove " + id + " (image=alpine:3, name=web)\n",
		Fields: []string{"docker.action", "Status", "Actor.ID", "Actor.Attributes.name", "Actor.Attributes.image", "Actor.Attributes.app", "ContainerExitCode"},
		Want: []string{
			"2025-03-01T16:00:00.1Z - die container /web allowed [docker-events: docker.action=die Status=died Actor.ID=" + id + " Actor.Attributes.name=web Actor.Attributes.image=alpine:3 Actor.Attributes.app=x ContainerExitCode=1]",
			"2025-03-01T10:00:00.1Z - exec_create container /web allowed [docker-events: docker.action=exec_create Status=exec Actor.ID=" + id + " Actor.Attributes.name=web Actor.Attributes.image=alpine:3]",
			"2019-03-02T16:33:42.312377447Z - destroy container /web allowed [docker-events: docker.action=destroy Actor.ID=" + id + " Actor.Attributes.name=web Actor.Attributes.image=alpine:3]",
		},
	},
	{
		Name: "compose",
		Input: `{"time":"2025-03-01T10:00:00.5Z","type":"container","service":"web","id":"` + id + `","action":"exec_create: sh","attributes":{"name":"app-web-1","image":"web:1"}}` + "\n" +
			"2025-03-01 10:00:00.123456 container create " + id + " (image=web:1, name=app-web-1)\n",
		Fields: []string{"Type", "docker.action", "docker.cmd", "service", "Actor.Attributes.name"},
		Want: []string{
			"2025-03-01T10:00:00.5Z - exec_create container /app-web-1 allowed $ sh [docker-events: Type=container docker.action=exec_create docker.cmd=sh service=web Actor.Attributes.name=app-web-1]",
			"2025-03-01T10:00:00.123456Z - create container /app-web-1 allowed [docker-events: Type=container docker.action=create Actor.Attributes.name=app-web-1]",
		},
	},
	{
		Name: "containerd",
		Input: "2025-03-01 10:00:00.123456789 +0000 UTC k8s.io /tasks/exec-added {\"container_id\":\"4f0c\",\"exec_id\":\"x\"}\n" +
			`{"Timestamp":"2025-03-01T10:00:00Z","ID":"4f0c","Namespace":"k8s.io","Topic":"/tasks/start","Action":"start","Event":"{\"container_id\":\"4f0c\"}","Labels":{"a":"b"}}` + "\n",
		Fields: []string{"Type", "docker.action", "Actor.ID", "Topic"},
		Want: []string{
			"2025-03-01T10:00:00.123456789Z - exec_create container /4f0c allowed [docker-events: Type=container docker.action=exec_create Actor.ID=4f0c]",
			"2025-03-01T10:00:00Z - start container /4f0c allowed [docker-events: Type=container docker.action=start Actor.ID=4f0c Topic=/tasks/start]",
		},
	},
	{
		Name:   "template",
		Input:  "Type=container  Status=create  ID=" + id + "\n",
		Fields: []string{"Type", "docker.action", "Actor.ID"},
		Want:   []string{"- - create container /" + id + " allowed [docker-events: Type=container docker.action=create Actor.ID=" + id + "]"},
	},
	{
		Name:    "pretty",
		Records: []string{"{\n  \"time\": 1705312200,\n  \"Type\": \"container\",\n  \"Action\": \"start\",\n  \"Actor\": {\"ID\": \"abc\", \"Attributes\": {\"name\": \"my-app\"}}\n}"},
		Fields:  []string{"Type", "docker.action", "Actor.Attributes.name"},
		Want:    []string{"2024-01-15T09:50:00Z - start container /my-app allowed [docker-events: Type=container docker.action=start Actor.Attributes.name=my-app]"},
	},
}

func TestConformance(t *testing.T) { parsertest.Run(t, Format, cases...) }

// decodeAll returns the events of lines, rendered, and the last error.
func decodeAll(t *testing.T, input string, fields ...string) (events []string, last error) {
	t.Helper()
	return parsertest.Lines(t, Format, input, fields...)
}

func TestDamageKeepsTheHead(t *testing.T) {
	whole := `{"Type":"container","Action":"exec_create: cat /x","Actor":{"ID":"` + id + `","Attributes":{"name":"web"}},"time":1740823200}`
	for input, code := range map[string]string{whole[:len(whole)-40]: "json.damaged", whole + "]": "json.trailing"} {
		events, err := decodeAll(t, input, "docker.cmd")
		damage, ok := err.(*parsers.RecordError)
		if len(events) != 1 || !ok || damage.Code != code || !damage.Kept || !strings.Contains(events[0], "docker.cmd=cat /x") {
			t.Errorf("%s: %q, %v", code, events, err)
		}
	}
}

func TestStamps(t *testing.T) {
	for in, want := range map[string]string{
		"2025-03-01T10:00:00.1-06:00":             "2025-03-01T16:00:00.1Z",
		"2025-03-01 10:00:00.123456789 -0600 CST": "2025-03-01T16:00:00.123456789Z",
		"2025-03-01 10:00:00.5 +0000 +0000":       "2025-03-01T10:00:00.5Z",
		"2025-03-01 10:00:00.123456":              "2025-03-01T10:00:00.123456Z",
		"2025-03-01T10:00:00Z07:00":               "2025-03-01T10:00:00Z",
		"2025-03-01T10:00:00.123456":              "2025-03-01T10:00:00.123456Z",
		"2025-03-01T10:00:00":                     "2025-03-01T10:00:00Z",
		"2025-03-01T10:00":                        "0001-01-01T00:00:00Z",
		"yesterday":                               "0001-01-01T00:00:00Z",
		"":                                        "0001-01-01T00:00:00Z",
	} {
		if got := stamp([]byte(in)).Format(time.RFC3339Nano); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]int64{"1740823200": 1740823200, "1740823200000": 1740823200, "1740823200000000000": 1740823200, "1740823200.75": 1740823200} {
		if got := unix(nil, []byte(in)).Unix(); got != want {
			t.Errorf("%s: %d", in, got)
		}
	}
	if !unix([]byte("99999999999999999999"), []byte("-1")).IsZero() {
		t.Error("numbers that are no times")
	}
}

// TestALoneOldLineIsRecognised: the end of what is shown is not the end of a
// line that was cut.
func TestALoneOldLineIsRecognised(t *testing.T) {
	line := "2014-05-10T17:42:14.999999999+07:00 4386fb97867d: (from ubuntu:14.04) die"
	for _, prefix := range []string{line, line + "\n"} {
		if v := Format.Sniff([]byte(prefix), ""); v.Confidence != parsers.Certain {
			t.Errorf("%q: %+v", prefix, v)
		}
	}
}

// TestProbeKeysDiffer: containers and commands that are nearly alike are not
// taken for one another.
func TestProbeKeysDiffer(t *testing.T) {
	seen := map[uint64]string{}
	add := func(id, command string) {
		key := probeKey([]byte(id), []byte(command))
		if other, known := seen[key]; known {
			t.Errorf("%s %q has the key of %s", id, command, other)
		}
		seen[key] = id + " " + command
	}
	for i := range 300 {
		id := fmt.Sprintf("%064x", i)
		for j := range 100 {
			add(id, fmt.Sprintf("curl -fsS http://localhost:%d/healthz", 8000+j))
		}
		add(id, "")
		add(id, "\x00")
		add(id+"c", "url")
	}
}
