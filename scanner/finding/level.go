package finding

import "slices"

// Levels are Sigma's levels, weakest first (Sigma specification 2.1, "level").
var Levels = []string{"informational", "low", "medium", "high", "critical"}

// LevelRank is the place of level in Levels; -1 if it is none of them.
func LevelRank(level string) int { return slices.Index(Levels, level) }

// Band names the level that a score of 0 to 100 amounts to
// (critical from 80, high from 60, medium from 35, low from 15).
func Band(score int) string {
	switch {
	case score >= 80:
		return "critical"
	case score >= 60:
		return "high"
	case score >= 35:
		return "medium"
	case score >= 15:
		return "low"
	}
	return "informational"
}
