//go:build !linux

package main

import (
	"fmt"
	"runtime"
)

// theKernel is what other systems have in place of GPIO.
func theKernel() kernel { return noKernel{} }

var errNoGPIO = fmt.Errorf("%w: lines can be driven on Linux, and this is %s; "+
	"-demo and -dry-run work everywhere, and gpio = none runs without lines", errNoChip, runtime.GOOS)

type noKernel struct{}

func (noKernel) chips() ([]chip, error)               { return nil, errNoGPIO }
func (noKernel) request(place, request) (line, error) { return nil, errNoGPIO }
