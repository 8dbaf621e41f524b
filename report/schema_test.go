package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// TestOutputFitsSchema checks the sample, and findings and reports without
// anything in them, against the published schemas.
func TestOutputFitsSchema(t *testing.T) {
	schemas := map[string]map[string]any{}
	for _, text := range [][]byte{FindingSchema, ReportSchema} {
		s := parse(t, text).(map[string]any)
		schemas[s["$id"].(string)] = s
	}
	ndjson, _ := ByName("ndjson")
	lines := render(t, ndjson, Options{}, sampleOverview(), append(sampleFindings(), finding.Finding{}))
	for line := range bytes.Lines(lines) {
		for _, problem := range check(schemas, schemas["urn:tideline:schema:finding:1"], schemas["urn:tideline:schema:finding:1"], parse(t, line), "$") {
			t.Error(problem)
		}
	}
	document, _ := ByName("json")
	root := schemas["urn:tideline:schema:report:1"]
	night := sampleOverview()
	night.News = &finding.News{New: 2, Gone: 1, Said: "2 new findings", Withdrawn: []string{"b0dc0604e0920afd"}}
	for _, text := range [][]byte{render(t, document, Options{}, sampleOverview(), sampleFindings()), render(t, document, Options{}, &finding.Overview{}, nil),
		render(t, document, Options{}, night, sampleFindings())} {
		for _, problem := range check(schemas, root, root, parse(t, text), "$") {
			t.Error(problem)
		}
	}
	if bad := check(schemas, root, root, map[string]any{"schema": "x"}, "$"); len(bad) < 3 {
		t.Errorf("the validator finds little: %q", bad)
	}
}

// TestSchemasHaveEveryKey: what can be written of a finding and of a report is in the
// schemas, also where the samples have nothing of it.
func TestSchemasHaveEveryKey(t *testing.T) {
	root := parse(t, FindingSchema).(map[string]any)
	hasKeys(t, root, root, reflect.TypeFor[finding.Finding](), "finding")
	root = parse(t, ReportSchema).(map[string]any)
	hasKeys(t, root, root, reflect.TypeFor[finding.Overview](), "report")
}

// hasKeys looks for the keys that typ is written with among the properties of s.
func hasKeys(t *testing.T, root, s map[string]any, typ reflect.Type, at string) {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		if items, ok := s["items"].(map[string]any); ok {
			s = items
		}
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ.Implements(reflect.TypeFor[json.Marshaler]()) {
		return
	}
	properties, _ := s["properties"].(map[string]any)
	for i := range typ.NumField() {
		f := typ.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch p, ok := properties[key].(map[string]any); {
		case key == "-":
		case f.Anonymous:
			hasKeys(t, root, s, f.Type, at)
		case !ok:
			t.Errorf("%s has %s, and the schema has not", at, key)
		default:
			hasKeys(t, root, p, f.Type, at+"."+key)
		}
	}
}

// TestReportSchemaStandsAlone: the schema of a report that is printed holds that of a
// finding, under the identity by which the report refers to it.
func TestReportSchemaStandsAlone(t *testing.T) {
	bundle := parse(t, BundledReportSchema()).(map[string]any)
	defs := bundle["$defs"].(map[string]any)
	if !reflect.DeepEqual(defs["finding"], parse(t, FindingSchema)) {
		t.Error("the definition is not the schema of a finding")
	}
	delete(defs, "finding")
	if !reflect.DeepEqual(bundle, parse(t, ReportSchema)) {
		t.Error("the rest is not the schema of a report")
	}
	if !bytes.Contains(ReportSchema, []byte(`"$ref": "urn:tideline:schema:finding:1"`)) {
		t.Error("the report does not refer to a finding")
	}
}

// TestJSONSaysHowMuchIsMasked: the number is known when all findings are written, so it
// stands behind them and nowhere before.
func TestJSONSaysHowMuchIsMasked(t *testing.T) {
	document, _ := ByName("json")
	var doc struct {
		Summary  map[string]any `json:"summary"`
		Findings []struct {
			Masked int `json:"masked"`
		} `json:"findings"`
		Masked int `json:"masked"`
	}
	if err := json.Unmarshal(render(t, document, Options{}, sampleOverview(), sampleFindings()), &doc); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, f := range doc.Findings {
		sum += f.Masked
	}
	if _, early := doc.Summary["masked"]; early || sum == 0 || doc.Masked != sum {
		t.Errorf("masked: %d in the findings, %d in all, in the summary: %v", sum, doc.Masked, early)
	}
}

func parse(t *testing.T, text []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return v
}

// check is as much of JSON Schema (2020-12) as ours use. Keys that the schema
// does not name are problems here, so that a new key is not forgotten in it.
func check(all map[string]map[string]any, root, s map[string]any, v any, at string) (problems []string) {
	bad := func(format string, args ...any) { problems = append(problems, at+": "+fmt.Sprintf(format, args...)) }
	if ref, ok := s["$ref"].(string); ok {
		if name, ok := strings.CutPrefix(ref, "#/$defs/"); ok {
			return check(all, root, root["$defs"].(map[string]any)[name].(map[string]any), v, at)
		}
		return check(all, all[ref], all[ref], v, at)
	}
	if want, ok := s["const"]; ok && want != v {
		bad("%v, want %v", v, want)
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) && v != hostile {
		bad("%v is none of %v", v, enum)
	}
	switch s["type"] {
	case "object":
		object, ok := v.(map[string]any)
		if !ok {
			bad("%T, want an object", v)
			return
		}
		props, _ := s["properties"].(map[string]any)
		required, _ := s["required"].([]any)
		for _, key := range required {
			if _, ok := object[key.(string)]; !ok {
				bad("lacks %v", key)
			}
		}
		for key, value := range object {
			if p, ok := props[key].(map[string]any); ok {
				problems = append(problems, check(all, root, p, value, at+"."+key)...)
			} else if p, ok := s["additionalProperties"].(map[string]any); ok {
				problems = append(problems, check(all, root, p, value, at+"."+key)...)
			} else {
				bad("unknown key %s", key)
			}
		}
	case "array":
		list, ok := v.([]any)
		if !ok {
			bad("%T, want a list", v)
		}
		for i, value := range list {
			problems = append(problems, check(all, root, s["items"].(map[string]any), value, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case "string":
		text, ok := v.(string)
		if pattern, has := s["pattern"].(string); !ok || has && !regexp.MustCompile(pattern).MatchString(text) {
			bad("%v is no such text", v)
		}
	case "integer":
		n, ok := v.(json.Number)
		i, err := n.Int64()
		if least, has := s["minimum"].(json.Number); !ok || err != nil || has && least.String() == "0" && i < 0 {
			bad("%v is no such number", v)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			bad("%v is neither true nor false", v)
		}
	}
	return problems
}
