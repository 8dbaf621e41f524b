package parsers_test

import (
	"strings"
	"testing"

	"tideline/parsers"
)

func TestMeaning(t *testing.T) {
	f := &parsers.Format{Mapping: []parsers.Mapping{
		{View: "process", Field: "Image Path", Is: "the program"},
		{View: "file process", Field: "user", Is: "the user"},
		{Field: "user", Is: "the user of anything"},
		{Field: "body.*", Is: "a member of the body"},
		{Field: "body.in.*", Is: "a member of the inner body"},
		{View: "record", Field: "*", Is: "anything"},
	}}
	for _, c := range []struct{ view, field, want string }{
		{"process", "Image", "the program"}, {"process", "Path", "the program"}, {"file", "Image", ""},
		{"file", "user", "the user"}, {"record", "user", "the user of anything"}, {"record", "x", "anything"}, {"file", "x", ""},
		{"file", "body.x", "a member of the body"}, {"file", "body.in.x", "a member of the inner body"}, {"file", "body", ""}, {"record", "body.", "a member of the body"},
	} {
		if got := f.Meaning(c.view, c.field); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.field, c.view, got, c.want)
		}
	}
	if got := strings.Join(f.Named("process"), " "); got != "Image Path user user" {
		t.Errorf("the fields of a process are %s", got)
	}
	if got := strings.Join(f.Named("record"), " "); got != "user" {
		t.Errorf("the fields of a record are %s", got)
	}
}
