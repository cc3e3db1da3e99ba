// expect: conversion from|no viable conversion
#include <faltung/view/viewable.hpp>

using namespace faltung;

int main() {
    tensor<float, 1> x({3});
    const tensor_view<float const, 1> reads = x.view();
#if defined(SHOULD_COMPILE)
    const tensor_view<float const, 1> v = reads;
#else
    const tensor_view<float, 1> v = reads;
#endif
}
