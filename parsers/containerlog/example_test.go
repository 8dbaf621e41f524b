package containerlog_test

import (
	"fmt"
	"strings"

	"tideline/parsers"
	"tideline/parsers/containerlog"
)

// A line that the runtime cut in two is one event, which the credential in it
// can be found in.
func Example() {
	log := "2025-03-01T10:00:00Z stdout P key is AKIAABCD\n" +
		"2025-03-01T10:00:00Z stdout F EFGHIJKLMNOP\n"

	dec := containerlog.Format.NewDecoder(parsers.Options{Fields: []string{"log"}})
	show := func(ev *parsers.Event) error {
		fmt.Printf("%d records: %s\n", len(ev.Pos), ev.Views[0].Fields.Values(nil, 0))
		return nil
	}
	for line := range strings.Lines(log) {
		data := []byte(strings.TrimSuffix(line, "\n"))
		if err := dec.Decode(&parsers.Record{Data: data, Raw: data}, show); err != nil {
			fmt.Println(err)
		}
	}
	if err := dec.Flush(show); err != nil {
		fmt.Println(err)
	}
	// Output: 2 records: [key is AKIAABCDEFGHIJKLMNOP]
}
