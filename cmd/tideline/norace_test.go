//go:build !race

package main

// raceEnabled tells that memory is not what it would be.
const raceEnabled = false
