package main

import (
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestALineThatComesBackCatchesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k, s := aPi(), defaultSettings()
		p, _ := pinsOf(k, nil)
		b := newBoard(p, &s, p.log)
		if err := b.open(); err != nil {
			t.Fatal(err)
		}
		if err := b.led.Set(true); err != nil {
			t.Fatal(err)
		}
		b.lost(syscall.ENODEV)
		if err := k.safe(); err != nil {
			t.Errorf("a line that is given up is not safe: %v", err)
		}
		if err := b.buzzer.Set(true); err != nil { // meanwhile
			t.Error(err)
		}
		time.Sleep(time.Until(b.retryAt))
		b.retry()
		if !k.line(led).isOn() || !k.line(buzzer).isOn() || b.losses != 1 || !b.retryAt.IsZero() {
			t.Errorf("LED %v, buzzer %v, losses %d", k.line(led).isOn(), k.line(buzzer).isOn(), b.losses)
		}
		if err := b.close(); err != nil {
			t.Error(err)
		}
		if err := k.safe(); err != nil {
			t.Error(err)
		}
	})
}

func TestRetriesAreMadeLessAndLessOften(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k, s := aPi(), defaultSettings()
		p, _ := pinsOf(k, nil)
		b := newBoard(p, &s, p.log)
		k.setRefuse(func(place, request) error { return syscall.ENODEV })
		var waits []time.Duration
		for range 9 {
			b.retry()
			waits = append(waits, time.Until(b.retryAt))
			time.Sleep(time.Until(b.retryAt))
		}
		if waits[0] != firstRetry || waits[8] != longestRetry || waits[3] != 8*firstRetry {
			t.Errorf("the waits are %v", waits)
		}
	})
}
