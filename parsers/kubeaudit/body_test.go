package kubeaudit

import (
	"fmt"
	"testing"

	"tideline/parsers/internal/jsonfields"
)

// bodyFields are fields of bodies as rules ask for them.
var bodyFields = []string{"requestObject.spec.user", "requestObject.spec.user.name", "requestObject.subjects.name", "requestObject.roleRef.name",
	"requestObject.data", "requestObject.type", "requestObject.spec.usages", "requestObject.metadata.labels.datadoghq.com/red-team",
	"responseObject.status.token", "responseObject.items", "requestObject.spec.replicas"}

// bodies are bodies of requests, plain and odd.
var bodies = []string{
	`{"spec":{"user":"ann"},"roleRef":{"name":"admin","kind":"x"}}`, `{"spec":{"user":{"name":"ann"}}}`, `{"spec":{"user":["a","b"]}}`, `{"spec.user":"x"}`,
	`{"spec":{"user":"a","user":"b"}}`, `{"spec":{"us\u0065r":"a"}}`, `{"spec":{"user":"\u0061"}}`, `{"spec":{"user":"é"}}`, `{"spec":{"user":null}}`, `{"spec":null}`,
	`{"subjects":[{"name":"a"},{"name":"b"}]}`, `{"subjects":{"name":"a"}}`, `{"data":{"k":"v"},"type":"Opaque"}`, `{"data":"","type":5}`, `{"spec":{"replicas":1.50}}`,
	`[{"op":"add","path":"/spec/user","value":"x"}]`, `"text"`, `{}`, `{"metadata":{"labels":{"datadoghq.com/red-team":"y"}}}`, `{"metadata":{"labels":{"datadoghq":{"com/red-team":"y"}}}}`,
	`{"spec":{"USER":"a"}}`, `{"spec":{"user":tru}}`, `{"spec":{"user":"a"}`, `{"spec":{"user":"a"},}`, `{"status":{"token":"t"},"items":[1,2]}`, `{"x":{"spec":{"user":"forged"}}}`,
}

// TestBodyWalkGivesWhatTheParseGives asks for every field of every body, in
// several orders, and parses the event in full for comparison.
func TestBodyWalkGivesWhatTheParseGives(t *testing.T) {
	d := &record{}
	d.follow(compile(bodyFields))
	walked := 0
	for _, body := range bodies {
		for _, form := range []string{`{"kind":"Event","requestObject":%s}`, `{"kind":"Event","responseObject":%s}`, `{"requestObject":%s,"other":1}`, `{"requestObject":%[1]s,"responseObject":%[1]s}`} {
			data := []byte(fmt.Sprintf(form, body))
			for from := range bodyFields {
				d.reset(data)
				if !d.readCheap() {
					d.readFull()
				}
				for n := range bodyFields {
					i := (from + n) % len(bodyFields)
					got := d.Values(nil, i)
					var p jsonfields.Parser
					doc, _ := p.Parse(data)
					if want := doc.Values(nil, jsonfields.Compile(bodyFields[i])); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
						t.Errorf("%s of %s: %q, want %q", bodyFields[i], data, got, want)
					}
				}
				if d.doc == nil {
					walked++
				}
			}
		}
	}
	if walked == 0 {
		t.Error("no event was read without a full parse")
	}
}
