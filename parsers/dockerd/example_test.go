package dockerd_test

import (
	"fmt"

	"tideline/parsers"
	"tideline/parsers/dockerd"
)

// Reading the output of a container leaves no docker event; the daemon's trace
// has it.
func Example() {
	line := []byte(`time="2025-03-01T10:00:00Z" level=debug msg="Calling GET /v1.41/containers/db/logs?stdout=1"`)

	dec := dockerd.Format.NewDecoder(parsers.Options{Fields: []string{"http.path"}})
	err := dec.Decode(&parsers.Record{Data: line, Raw: line}, func(ev *parsers.Event) error {
		fmt.Printf("%s %s %s: %s\n", ev.Facts.Action, ev.Facts.Kind, ev.Facts.Target, ev.Views[0].Fields.Values(nil, 0))
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: logs container db: [/containers/db/logs]
}
