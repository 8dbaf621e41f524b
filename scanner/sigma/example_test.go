package sigma_test

import (
	"fmt"

	"tideline/scanner/sigma"
)

func Example() {
	rules := sigma.Parse("shadow.yml", []byte(`
title: Shadow file read
logsource: {product: linux, category: process_creation}
detection:
  selection: {Image|endswith: [/cat, /less], CommandLine|contains: /etc/shadow}
  filter: {User: backup}
  condition: selection and not filter`))
	set, _ := sigma.Compile(rules, sigma.Options{}) // problems say what was refused
	m := set.Matcher(sigma.LogSource{Product: "linux", Category: "process_creation"})
	ev := sigma.NewDocument(map[string]any{"Image": "/usr/bin/cat", "CommandLine": "cat /etc/shadow"}, set.Fields())
	for _, i := range m.Match(nil, ev, m.NewScratch()) {
		fmt.Println(set.Rules()[i].Title, set.Explain(i, ev))
	}
	// Output: Shadow file read [{Image /usr/bin/cat */cat} {CommandLine cat /etc/shadow */etc/shadow*}]
}

func ExampleProblem() {
	c := sigma.Parse("typo.yml", []byte(`
title: Typo
logsource: {product: linux}
detection:
  selection: {Image|endwith: /cat}
  condition: selection`))
	fmt.Println(c.Problems[0])
	// Output: typo.yml:5: rule "Typo": unknown modifier "endwith" of "Image" (use endswith)
}
