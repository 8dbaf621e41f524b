package dockerevents_test

import (
	"fmt"

	"tideline/parsers"
	"tideline/parsers/dockerevents"
)

// The words are the same, whether an event comes as JSON or as text.
func Example() {
	dec := dockerevents.Format.NewDecoder(parsers.Options{Fields: []string{"docker.action", "docker.cmd"}})
	for _, line := range []string{
		`{"Type":"container","Action":"exec_create: env","Actor":{"ID":"4386fb97867d","Attributes":{"name":"db"}},"timeNano":1740823200000000000}`,
		`2025-03-01T11:00:00+01:00 container exec_create: env 4386fb97867d (name=db)`,
	} {
		data := []byte(line)
		err := dec.Decode(&parsers.Record{Data: data, Raw: data}, func(ev *parsers.Event) error {
			fields := ev.Views[0].Fields
			fmt.Printf("%s %s: %s %s\n", ev.Time.Format("15:04"), ev.Facts.Target, fields.Values(nil, 0), fields.Values(nil, 1))
			return nil
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// 10:00 db: [exec_create] [env]
	// 10:00 db: [exec_create] [env]
}
