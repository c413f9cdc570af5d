package main

import "strconv"

// header is which GPIO is on which pin of the 40-pin header. It is the same on
// every Raspberry Pi that has one.
var header = map[int]int{
	3: 2, 5: 3, 7: 4, 8: 14, 10: 15, 11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 19: 10, 21: 9, 22: 25,
	23: 11, 24: 8, 26: 7, 27: 0, 28: 1, 29: 5, 31: 6, 32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}

const lastPin = 40

// headerPin reads a header's pin, such as "pin11".
func headerPin(address string) (pin int, ok bool) {
	const prefix = "pin"
	if len(address) <= len(prefix) || address[:len(prefix)] != prefix {
		return 0, false
	}
	pin, err := strconv.Atoi(address[len(prefix):])
	return pin, err == nil && pin >= 1 && pin <= lastPin
}
