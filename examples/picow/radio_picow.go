//go:build tinygo && !emulator

package main

import "github.com/workato-go/sdk/examples/picow/network"

func newRadio() network.Radio { return network.NewPicoW() }

// trusted is whose certificates are good: "", those that are compiled in.
func trusted() string { return "" }

// measured is for the emulator's build.
func measured() {}
