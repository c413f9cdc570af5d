// Picow-setup sets up the alarm on a Pico W over USB: Wi-Fi, token, workspace and
// when to sound. It asks, or reads a file, checks everything, and shows what the
// board answers. Secrets are neither shown nor kept on this computer.
package main
