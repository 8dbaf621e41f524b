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

// A list gives the values of a placeholder.
func ExampleParseLists() {
	lists, err := sigma.ParseLists("lists.yml", []byte(`admins: [alice, 'svc-*']`))
	if err != nil {
		fmt.Println(err)
		return
	}
	rules := sigma.Parse("odd.yml", []byte(`
title: Change by somebody who is no administrator
logsource: {product: kubernetes, service: audit}
detection:
  change: {verb: [create, delete]}
  admin: {user|expand: '%admins%'}
  condition: change and not admin`))
	set, _ := sigma.Compile(rules, sigma.Options{Placeholders: lists})
	m := set.Matcher()
	scratch := m.NewScratch()
	for _, user := range []string{"alice", "svc-backup", "mallory"} {
		ev := sigma.NewDocument(map[string]any{"verb": "delete", "user": user}, set.Fields())
		fmt.Println(user, len(m.Match(nil, ev, scratch)))
	}
	// Output:
	// alice 0
	// svc-backup 0
	// mallory 1
}

// A filter silences what is known to be good. What it names must be loaded with it.
func ExampleCollection_Merge() {
	all := sigma.Parse("exec.yml", []byte(`
title: Shell in a container
name: shell
logsource: {product: kubernetes, service: audit}
detection: {s: {objectRef.subresource: exec}, condition: s}`))
	all.Merge(sigma.Parse("known.yml", []byte(`
title: The operator of databases
filter:
  rules: [shell]
  operator: {user.username: 'system:serviceaccount:db:operator'}
  condition: not operator`)))
	set, problems := sigma.Compile(all, sigma.Options{})
	m := set.Matcher()
	ev := sigma.NewDocument(map[string]any{
		"objectRef": map[string]any{"subresource": "exec"},
		"user":      map[string]any{"username": "system:serviceaccount:db:operator"},
	}, set.Fields())
	fmt.Println(problems, m.Match(nil, ev, m.NewScratch()))
	// Output: [] []
}
