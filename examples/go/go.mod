module example/channel

go 1.19
