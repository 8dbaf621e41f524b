package envelope

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tideline/parsers"
)

// TestUnhash: arrows and nil are those of Ruby outside of texts only.
func TestUnhash(t *testing.T) {
	for in, want := range map[string]string{
		`kind"=>"Event", "n"=>nil, "ok"=>true}`:       `{"kind":"Event", "n":null, "ok":true}`,
		`a=>b"=>"x=>nil", "l"=>[nil, {"q"=>"\"=>"}]}`: `{"a=>b":"x=>nil", "l":[null, {"q":"\"=>"}]}`,
		`cut"=>"in a text\`:                           `{"cut":"in a text\`,
		`cut"=`:                                       `{"cut"=`,
		`ruby34" => 1, "l" => nil}`:                   `{"ruby34" : 1, "l" : null}`,
		`t"=>"\#{x} \e[0m \u{1F600} \u00E9 \xFF \a"}`: `{"t":"#{x} \u001b[0m 😀 \u00E9 \u00FF \u0007"}`,
		`t"=>"\u{1F600 \xF`:                           `{"t":"\u{1F600 \xF`,
		``:                                            `{"`,
	} {
		if got := string(unhash([]byte(in))); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// TestPrinted: texts end where the next key of the record begins, or the record does,
// whether the quotes in them are escaped or stand as they were.
func TestPrinted(t *testing.T) {
	const line = `type=EXECVE msg=audit(1.5:9): argc=2 a0="docker" a1="ps"`
	for value, want := range map[string]string{
		`"{\"a\":\"}\"}", "stream"=>"stdout"}]`:    `{"a":"}"}`,
		`"{"a":"\"}, \"x\"=>", "b":{}}"}]`:         `{"a":"\"}, \"x\"=>", "b":{}}`,
		`"{"a":{}}", "kubernetes"=>{"pod"=>"p"}}]`: `{"a":{}}`,
		`"{"a":"cut`:       `{"a":"cut`,
		`"` + line + `"}]`: line,
		`"` + line + `", "stream"=>"stdout", "n"=>1}]`: line,
		`"x "a", "b" y", "n"=>1}]`:                     `x "a", "b" y`,
		`"plain", "n"=>1}]`:                            `plain`,
		`"plain"}]`:                                    `plain`,
		`"`:                                            ``,
		`""x`:                                          `"x`,
	} {
		if got := string(printed([]byte(value))); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// TestFluentdStdout: what Fluentd prints with format hash holds the event, or
// the line of a file with it, with the time before the tag.
func TestFluentdStdout(t *testing.T) {
	const event = `{"kind"=>"Event", "apiVersion"=>"audit.k8s.io/v1", "auditID"=>"a", "stage"=>"ResponseComplete", "verb"=>"get"}`
	for _, line := range []string{
		`2026-05-14 09:30:01.000000500 +0200 kube.audit: ` + event,
		`2026-05-14 09:30:01.000000500 +0200 kube.audit: {"log"=>"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"\#{a}\"}\n", "stream"=>"stdout"}`,
		`2026-05-14 09:30:01.000000500 +0200 kube.audit: ` + strings.ReplaceAll(event, "=>", " => "),
	} {
		rec := &parsers.Record{Data: []byte(line)}
		opened := 0
		ok, err := openFluentText(rec, func(in *parsers.Record) error {
			opened++
			if !json.Valid(in.Data) {
				t.Errorf("%s: not JSON: %s", line, in.Data)
			}
			if got := in.Origin.Time.Format(time.RFC3339Nano); got != "2026-05-14T07:30:01.0000005Z" {
				t.Errorf("%s: the time is %s", line, got)
			}
			return nil
		})
		if !ok || err != nil || opened != 1 {
			t.Errorf("%s: opened %d times, %v, %v", line, opened, ok, err)
		}
	}
	for _, line := range []string{`x: {"`, `x {"kind"=>"Event"}`, `x: {"a" = 1}`} {
		rec := &parsers.Record{Data: []byte(line)}
		if ok, _ := openFluentText(rec, func(*parsers.Record) error { return nil }); ok {
			t.Errorf("%s: opened", line)
		}
	}
}
