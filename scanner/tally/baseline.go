package tally

import (
	"tideline/scanner/baseline"
)

// Baseline are the habits of everybody in the evidence. What was only ever
// refused is no habit.
func (a *Aggregates) Baseline() *baseline.Baseline {
	b := baseline.New()
	for host := range a.Nameless() {
		b.AddNameless(host)
	}
	for k, row := range a.Principals {
		if n := row.Allowed + row.Other; n > 0 {
			b.Add(habitOf(&k), baseline.Use{Count: n, First: row.First, Last: row.Last})
		}
	}
	for k, row := range a.Names {
		if k.Kind == imageName {
			b.AddImage(k.Name, baseline.Use{Count: row.Count, First: row.First, Last: row.Last})
		}
	}
	b.Overflow += a.Overflow
	return b
}

func habitOf(k *PrincipalKey) baseline.Habit {
	return baseline.NewHabit(k.Actor, k.Action, k.Kind, k.Agent, k.Address)
}
