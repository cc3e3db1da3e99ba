// expect: cv_mat shows .rows, columns. or .rows, columns, channels.: rank 2 or 3
#include <faltung/adapt/opencv.hpp>

using namespace faltung;

struct matrix {  // the members of cv::Mat that count here
    unsigned char* data;
    int dims, rows, cols;
    std::size_t step[2];
    int depth() const { return 5; }
    int channels() const { return 1; }
};

int main() {
    float x[4] = {};
    matrix m{reinterpret_cast<unsigned char*>(x), 2, 2, 2, {8, 4}};
#if defined(SHOULD_COMPILE)
    const auto v = cv_mat<float, 2>(m);
#else
    const auto v = cv_mat<float, 1>(m);
#endif
}
