package dockerinspect

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"tideline/parsers/internal/jsonfields"
)

// TestWhatHasAShapeMayHaveOne tries objects of random keys: what words exclude must
// not be what the parse would have found.
func TestWhatHasAShapeMayHaveOne(t *testing.T) {
	keys := []string{"ociVersion", "process", "status", "info", "Id", "ID", "id", "RepoTags", "State", "Config", "Created", "Image", "Path", "Args",
		"architecture", "os", "config", "container_config", "NetworkMode", "RestartPolicy", "Binds", "LogConfig", "ContainerIDFile", "other", `St\u0061te`}
	values := []string{`"x"`, `{}`, `{"id":"y"}`, `"sha256:00"`, `1`}
	r := rand.New(rand.NewSource(1))
	shaped, excluded := 0, 0
	for range 50_000 {
		var members []string
		for range 1 + r.Intn(5) {
			members = append(members, fmt.Sprintf("%q:%s", keys[r.Intn(len(keys))], values[r.Intn(len(values))]))
		}
		text := strings.ReplaceAll("{"+strings.Join(members, ",")+"}", `\\u`, `\u`)
		var p jsonfields.Parser
		doc, err := p.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		switch may, has := mayHaveShape([]byte(text)), shapeOf(doc.Root()) != none; {
		case has && !may:
			t.Fatalf("%s has a shape", text)
		case has:
			shaped++
		case !may:
			excluded++
		}
	}
	if shaped < 1000 || excluded < 1000 {
		t.Errorf("%d objects with a shape, %d excluded: the test shows little", shaped, excluded)
	}
}
