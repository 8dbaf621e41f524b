package dockerinspect

import (
	"os"
	"path/filepath"
	"testing"

	"tideline/parsers"
	"tideline/parsers/parsertest"
)

const (
	id        = "10acac0b3466813c9e1f85e2aa7d06298e51fbfe86bbcb6b7a19dd33d3798f6a"
	described = `{"Id":"` + id + `","Created":"2025-03-01T10:00:00.5Z","Path":"sh","Args":["-c","id"],"State":{"Status":"running","StartedAt":"2025-03-01T10:00:01Z"},` +
		`"Image":"sha256:1","Name":"/db","HostConfig":{"Binds":["/:/host"],"Privileged":true,"CapAdd":["SYS_ADMIN"]},` +
		`"Mounts":[{"Type":"bind","Source":"/","Destination":"/host","RW":true}],"Config":{"Env":["POSTGRES_PASSWORD=x1","PATH=/bin"],"Image":"postgres:16",` +
		`"Labels":{"io.kubernetes.pod.name":"db-0","io.kubernetes.pod.namespace":"prod"}}}`
)

var asked = []string{"Config.Env", "HostConfig.Binds", "HostConfig.Privileged", "HostConfig.CapAdd", "Mounts.Source", "Name", "Id"}

var cases = []parsertest.Case{
	{
		Name: "inspect", Input: described + "\n", Fields: asked,
		Want: []string{"2025-03-01T10:00:00.5Z - configured container prod/db allowed [docker-inspect: Config.Env=POSTGRES_PASSWORD=x1 Config.Env=PATH=/bin" +
			" HostConfig.Binds=/:/host HostConfig.Privileged=true HostConfig.CapAdd=SYS_ADMIN Mounts.Source=/ Name=/db Id=" + id + "]"},
		Foreign: []string{"", "x", "{}", "[]", "[1]", `{"kind":"Event"}`, `{"Type":"container","Action":"start"}`, `{"log":"x","stream":"stdout","time":"x"}`},
	},
	{
		Name: "array", Records: []string{"[\n" + described + ",\n" + `{"Name":"bridge","Driver":"bridge"}` + "]"}, Fields: []string{"container.id", "container.pod"},
		Want: []string{"2025-03-01T10:00:00.5Z - configured container prod/db allowed [docker-inspect: container.id=" + id + " container.pod=db-0]"},
	},
	{
		Name: "config.v2.json", Fields: asked,
		Input: `{"State":{"StartedAt":"0001-01-01T00:00:00Z"},"ID":"` + id + `","Created":"2018-05-16T10:51:28.695738065Z","Config":{"Env":["A=b"]},"Name":"/x","MountPoints":{"/data":{"Source":"/srv","Destination":"/data"}}}` + "\n",
		Want:  []string{"2018-05-16T10:51:28.695738065Z - configured container /x allowed [docker-inspect: Config.Env=A=b Mounts.Source=/srv Name=/x Id=" + id + "]"},
	},
	{
		Name: "hostconfig.json", Fields: asked, Origin: parsers.Origin{Container: parsers.Container{ID: id}},
		Input: `{"Binds":["/:/host"],"ContainerIDFile":"","LogConfig":{"Type":"json-file","Config":{}},"NetworkMode":"default","RestartPolicy":{"Name":"no"},"Privileged":false}` + "\n",
		Want:  []string{"- - configured container /" + id + " allowed [docker-inspect: HostConfig.Binds=/:/host HostConfig.Privileged=false]"},
	},
	{
		Name: "image", Fields: asked,
		Input: `{"Id":"sha256:9a","RepoTags":["app:1"],"Created":"2025-03-01T10:00:00Z","Config":{"Env":["TOKEN=y"]}}` + "\n" +
			`{"architecture":"amd64","config":{"Env":["TOKEN=z"]},"created":"2025-03-01T10:00:00Z","os":"linux"}` + "\n",
		Want: []string{
			"2025-03-01T10:00:00Z - configured image /app:1 allowed [docker-inspect: Config.Env=TOKEN=y Id=sha256:9a]",
			"2025-03-01T10:00:00Z - configured image / allowed [docker-inspect: Config.Env=TOKEN=z]",
		},
	},
	{
		Name: "crictl", Fields: asked,
		Input: `{"status":{"id":"4f0c","metadata":{"name":"app"},"createdAt":"2025-03-01T10:00:00Z","labels":{"io.kubernetes.pod.name":"web-0","io.kubernetes.pod.namespace":"prod"}},` +
			`"info":{"privileged":true,"runtimeSpec":{"process":{"env":["K=v"]},"mounts":[{"source":"/etc","destination":"/host"}]}}}` + "\n",
		Want: []string{"2025-03-01T10:00:00Z - configured container prod/app allowed [docker-inspect: Config.Env=K=v HostConfig.Privileged=true Mounts.Source=/etc Name=app Id=4f0c]"},
	},
	{
		Name: "oci-runtime", Fields: asked,
		Input: `{"ociVersion":"1.2.0","process":{"args":["sh"],"env":["K=v"]},"mounts":[{"source":"/var/run/docker.sock","destination":"/d.sock"}]}` + "\n",
		Want:  []string{"- - configured container / allowed [docker-inspect: Config.Env=K=v Mounts.Source=/var/run/docker.sock]"},
	},
}

func TestConformance(t *testing.T) { parsertest.Run(t, Format, cases...) }

func decode(data []byte, fields ...string) (events []string, err error) {
	dec := Format.NewDecoder(parsers.Options{Fields: fields})
	err = dec.Decode(&parsers.Record{Data: data, Raw: data}, func(ev *parsers.Event) error {
		events = append(events, parsertest.Render(Format, fields, ev))
		return nil
	})
	return events, err
}

func TestDamageKeepsTheHead(t *testing.T) {
	events, err := decode([]byte(described[:len(described)-90]), "Config.Env")
	damage, ok := err.(*parsers.RecordError)
	if len(events) != 1 || !ok || !damage.Kept || damage.Code != "json.damaged" {
		t.Errorf("%q, %v", events, err)
	}
	events, err = decode([]byte("["+described+`,{"Driver":"x"}]`), "Config.Env")
	if damage, ok = err.(*parsers.RecordError); len(events) != 1 || !ok || damage.Code != "inspect.other_objects" {
		t.Errorf("%q, %v", events, err)
	}
}

func TestWhatContainersPrintedIsOutput(t *testing.T) {
	rec := &parsers.Record{Data: []byte(described), Raw: []byte(described), Origin: parsers.Origin{Stream: "stdout"}}
	if err := Format.NewDecoder(parsers.Options{}).Decode(rec, nil); err != parsers.ErrForeign {
		t.Error(err)
	}
}

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(parsertest.Corpus(t), "container-logs", "*", "*", "docker", "containers", "*", "*config*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if v := Format.Sniff(data[:min(len(data), parsers.SniffLen)], name); v.Confidence == parsers.No {
			t.Errorf("%s: not recognised: %s", name, v.Why)
		}
		fields := []string{"Config.Env", "HostConfig.NetworkMode"}
		events, err := decode(data, fields...)
		if err != nil || len(events) != 1 || events[0][len(events[0])-1] != ']' {
			t.Errorf("%s: %q, %v", name, events, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.Input))
	}
	f.Fuzz(func(t *testing.T, data []byte) { parsertest.Fuzz(t, Format, asked, false, data) })
}

func BenchmarkDecode(b *testing.B) {
	data := []byte(described)
	dec := Format.NewDecoder(parsers.Options{Fields: asked})
	rec := &parsers.Record{Data: data, Raw: data}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := dec.Decode(rec, func(*parsers.Event) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
