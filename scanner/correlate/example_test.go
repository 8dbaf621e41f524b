package correlate_test

import (
	"fmt"
	"time"

	"tideline/scanner/correlate"
	"tideline/scanner/sigma"
)

func Example() {
	rules := sigma.Parse("guess.yml", []byte(`
title: Failed login
name: failed
logsource: {product: linux, service: sshd}
detection: {s: {result: failed}, condition: s}
---
title: Password guessing
correlation:
  type: event_count
  rules: [failed]
  group-by: [user]
  timespan: 1m
  condition: {gte: 3}`))
	set, _ := sigma.Compile(rules, sigma.Options{}) // problems say what was refused
	engine := correlate.New(set, correlate.Options{})
	fire := func(f correlate.Fired) error {
		fmt.Println(set.Correlations()[f.Correlation].Title, f.Group, f.Refs, f.Last.Sub(f.First))
		return nil
	}
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for i, user := range []string{"root", "root", "bob", "root", "root"} {
		err := engine.Add(correlate.Input{Time: at.Add(time.Duration(i) * 5 * time.Second), Ref: int64(i), Rule: 0,
			Field: func(string) []string { return []string{user} }}, fire)
		if err != nil {
			fmt.Println(err)
		}
	}
	if err := engine.Close(fire); err != nil {
		fmt.Println(err)
	}
	// Output: Password guessing [{user root}] [0 1 3 4] 20s
}
