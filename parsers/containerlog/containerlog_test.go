package containerlog

import (
	"fmt"
	"strings"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

var web = parsers.Origin{Container: parsers.Container{Namespace: "prod", Pod: "web-0", Name: "app"}}

var cases = []parsertest.Case{
	{
		Name: "cri",
		Input: "2025-03-01T10:00:00.123456789Z stdout F hello\n" +
			"2025-03-01T12:00:00.1234+02:00 stderr F \n" +
			"2025-03-01T10:00:01Z stdout F:x-tag {\"level\":\"error\",\"user\":{\"name\":\"ann\"}}\n",
		Origin: web,
		Fields: []string{"log", "message", "stream", "container.pod", "kubernetes.namespace_name", "user.name"},
		Want: []string{
			"2025-03-01T10:00:00.123456789Z prod/web-0/app output container prod/web-0/app allowed [container-log: log=hello message=hello stream=stdout container.pod=web-0 kubernetes.namespace_name=prod]",
			`2025-03-01T10:00:00.1234Z prod/web-0/app output container prod/web-0/app allowed [container-log: log="" message="" stream=stderr container.pod=web-0 kubernetes.namespace_name=prod]`,
			`2025-03-01T10:00:01Z prod/web-0/app output container prod/web-0/app allowed [container-log: log={"level":"error","user":{"name":"ann"}} message={"level":"error","user":{"name":"ann"}}` +
				` stream=stdout container.pod=web-0 kubernetes.namespace_name=prod user.name=ann]`,
		},
	},
	{
		Name: "cri-partial",
		Input: "2025-03-01T10:00:00Z stdout P AKIA\n" +
			"2025-03-01T10:00:01Z stderr P other \n" +
			"2025-03-01T10:00:02Z stdout P ABCDEFGH\n" +
			"2025-03-01T10:00:03Z stdout F IJKLMNOP\n" +
			"2025-03-01T10:00:04Z stdout F whole\n",
		Fields: []string{"log", "stream"},
		Want: []string{
			"2025-03-01T10:00:00Z - output container / allowed [container-log: log=AKIAABCDEFGHIJKLMNOP stream=stdout]",
			"2025-03-01T10:00:04Z - output container / allowed [container-log: log=whole stream=stdout]",
			"2025-03-01T10:00:01Z - output container / allowed [container-log: log=other  stream=stderr]",
		},
		Foreign: []string{"", "x", "2025-03-01T10:00:00Z stdout X y", "2025-03-01T10:00:00Z container create abc", `{"log":1}`, `{"level":"info","msg":"x"}`, `type=SYSCALL msg=audit(1.1:1):`},
	},
	{
		Name: "json-file",
		Input: `{"log":"a \u003cb\u003e \"q\" \\ \t\u00e9\r\n","stream":"stdout","time":"2025-03-01T10:00:00.123456789Z"}` + "\n" +
			`{"log":"x\n","stream":"stderr","attrs":{"tag":"t","io.kubernetes.pod.name":"web-0","io.kubernetes.pod.namespace":"prod"},"time":"2025-03-01T10:00:01Z"}` + "\n" +
			`{"stream":"stdout", "log":"\ud83d\ude00\n", "time":"2016-01-07T16:49:10.0"}` + "\n",
		Fields: []string{"log", "stream", "attrs.tag", "container.pod"},
		Want: []string{
			"2025-03-01T10:00:00.123456789Z - output container / allowed [container-log: log=a <b> \"q\" \\ \té stream=stdout]",
			"2025-03-01T10:00:01Z prod/web-0 output container prod/web-0 allowed [container-log: log=x stream=stderr attrs.tag=t container.pod=web-0]",
			"2016-01-07T16:49:10Z - output container / allowed [container-log: log=😀 stream=stdout]",
		},
	},
	{
		Name: "json-file-fragments",
		Input: `{"log":"AKIA","stream":"stdout","time":"2025-03-01T10:00:00Z"}` + "\n" +
			`{"log":"ABCDEFGH\n","stream":"stdout","time":"2025-03-01T10:00:01Z"}` + "\n" +
			`{"log":"last","stream":"stdout","time":"2025-03-01T10:00:02Z"}` + "\n",
		Fields: []string{"log"},
		Want: []string{
			"2025-03-01T10:00:00Z - output container / allowed [container-log: log=AKIAABCDEFGH]",
			"2025-03-01T10:00:02Z - output container / allowed [container-log: log=last]",
		},
	},
	{
		Name:      "plain",
		Input:     "panic: oh no\n2025-03-01T10:00:00.5Z GET /healthz\n",
		Path:      "sos_commands/docker/containers/docker_logs_-t_4f0c",
		Origin:    parsers.Origin{Container: parsers.Container{ID: "4f0c"}},
		Unsniffed: false,
		Fields:    []string{"log", "container.id"},
		Want: []string{
			"- 4f0c output container /4f0c allowed [container-log: log=panic: oh no container.id=4f0c]",
			"2025-03-01T10:00:00.5Z 4f0c output container /4f0c allowed [container-log: log=GET /healthz container.id=4f0c]",
		},
	},
	{
		Name: "compose",
		Input: "db-1   | 2025-03-01T10:00:00.5Z checkpoint\n" +
			"web-1  | AKIA | x\n" +
			"cache  | ready\n",
		Fields: []string{"log", "container.name"},
		Want: []string{
			"2025-03-01T10:00:00.5Z db-1 output container /db-1 allowed [container-log: log=checkpoint container.name=db-1]",
			"- web-1 output container /web-1 allowed [container-log: log=AKIA | x container.name=web-1]",
			"- cache output container /cache allowed [container-log: log=ready container.name=cache]",
		},
		Foreign: []string{"id | name", "| web-1 | x |", "make -j8 | tee log", "a-1|b"},
	},
	{
		Name:   "kubectl-prefix",
		Input:  "[pod/web-0/app] 2025-03-01T10:00:00Z hello\n",
		Fields: []string{"log", "container.pod", "container.name"},
		Want:   []string{"2025-03-01T10:00:00Z web-0/app output container /web-0/app allowed [container-log: log=hello container.pod=web-0 container.name=app]"},
	},
	{
		Name:   "shipped",
		Input:  `{"@timestamp":"2025-03-01T10:00:00Z","kubernetes":{"pod_name":"web-0","namespace_name":"prod","container_name":"app","docker_id":"4f0c"},"message":"hi","level":"info"}` + "\n",
		Fields: []string{"log", "level", "container.id", "kubernetes.docker_id"},
		Want:   []string{"2025-03-01T10:00:00Z prod/web-0/app output container prod/web-0/app allowed [container-log: log=hi level=info container.id=4f0c kubernetes.docker_id=4f0c]"},
	},
	{
		Name:   "tokens",
		Input:  "2025-03-01T10:00:00Z stdout F token: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6cHJvZDp3ZWIiLCJrdWJlcm5ldGVzLmlvIjp7InBvZCI6eyJuYW1lIjoid2ViLTAifX19.c2ln and eyJx.eyJzdWIiOiJ0d28ifQ.c2ln eyJ eyJ.\n",
		Fields: []string{"jwt.sub", "jwt.kubernetes.io.pod.name", "jwt.iss"},
		Want:   []string{"2025-03-01T10:00:00Z - output container / allowed [container-log: jwt.sub=system:serviceaccount:prod:web jwt.sub=two jwt.kubernetes.io.pod.name=web-0]"},
	},
}

func TestConformance(t *testing.T) { parsertest.Run(t, Format, cases...) }

// decodeAll returns the events of lines, rendered, and the last error.
func decodeAll(t *testing.T, input string, fields ...string) (events []string, last error) {
	t.Helper()
	dec := Format.NewDecoder(parsers.Options{Fields: fields})
	emit := func(ev *parsers.Event) error {
		events = append(events, fmt.Sprintf("%d: %s", len(ev.Pos), parsertest.Render(Format, fields, ev)))
		return nil
	}
	for _, line := range strings.Split(strings.TrimRight(input, "\n"), "\n") {
		data := []byte(line)
		if err := dec.Decode(&parsers.Record{Data: data, Raw: data, Pos: parsers.Pos{Length: int64(len(data))}}, emit); err != nil {
			last = err
		}
	}
	if err := dec.Flush(emit); err != nil {
		t.Fatal(err)
	}
	return events, last
}

func TestLinesWithoutNewlinesAreNotJoinedForever(t *testing.T) {
	var in strings.Builder
	for i := range 30 {
		fmt.Fprintf(&in, `{"log":"line %d","stream":"stdout","time":"2025-03-01T10:00:%02dZ"}`+"\n", i, i)
	}
	events, err := decodeAll(t, in.String(), "log")
	if err != nil || len(events) != 30 {
		t.Errorf("%d events, error %v, want 30", len(events), err)
	}
}

func TestLongLinesAreJoinedUpToALimit(t *testing.T) {
	part := strings.Repeat("x", fragment)
	var in strings.Builder
	for range maxText/fragment + 10 {
		fmt.Fprintf(&in, "2025-03-01T10:00:00Z stdout P %s\n", part)
	}
	in.WriteString("2025-03-01T10:00:00Z stdout F end\n")
	events, err := decodeAll(t, in.String())
	damage, ok := err.(*parsers.RecordError)
	if len(events) != 2 || !ok || damage.Code != "container.line_too_long" || !damage.Kept {
		t.Errorf("%d events, error %v", len(events), err)
	}
}
