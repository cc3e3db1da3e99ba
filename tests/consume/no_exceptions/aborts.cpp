// tests/consume/no_exceptions/aborts.cpp -- without exceptions an error prints its text and aborts
#include <vector>

#include <faltung/convolve.hpp>

int main() { faltung::convolve(std::vector<float>{1, 2}, std::vector<float>{}); }
