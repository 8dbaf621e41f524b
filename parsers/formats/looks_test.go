package formats

import "testing"

func TestLooksLike(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "empty",
		"words\n":                           "text",
		"{\"a\":1, \"rule\":\"x\"}\n":       "JSON",
		"NODE,EVENT,DATE,TIME,SERIAL_NUM\n": "table of ausearch --format csv; ausearch --raw keeps the records",
		"At 10:00:12 03/01/2024 eve successfully executed /usr/bin/curl using /usr/bin/curl\n":                  "account of ausearch --format text; ausearch --raw keeps the records",
		"\nExecutable Report\n====================================\n# date time exe term host auid event\n":     "report of aureport; ausearch --raw keeps the records",
		`{"output":"x","priority":"Notice","rule":"Terminal shell","output_fields":{"proc.name":"sh"}}` + "\n":  "JSON, alerts of Falco",
		`{"process_exec":{"process":{"exec_id":"a","binary":"/bin/cat"}},"time":"2024-03-01T10:00:00Z"}` + "\n": "JSON, events of Tetragon",
		`{"timestamp":1709287200000000000,"eventId":"59","eventName":"execve","argsNum":1,"args":[]}` + "\n":    "JSON, events of Tracee",
		"\x7fELF\x02":                   "binary (ELF)",
		"\xff\xfe\x00\x00{\x00\x00\x00": "text (UTF-32)",
	} {
		if got := looksLike([]byte(in)); got != want {
			t.Errorf("%q looks like %q, want %q", in, got, want)
		}
	}
}
